/* Statements 4 to 15: what the launcher prepared, and what LGUEST_INIT wrote. */
#include "test.h"

#define SENTINEL 0xA5A5A5A5

static struct lguest_data before, after;

/* Marks what the Host should write, so that we see whether it did. */
void selftest_before_init(void)
{
        lguest_data.time_sec = lguest_data.time_nsec = SENTINEL;
        lguest_data.reserve_mem = lguest_data.tsc_khz = SENTINEL;
        lguest_data.guestid = (u16)SENTINEL;
        memcpy(&before, &lguest_data, sizeof before);
}

void selftest_after_init(void)
{
        memcpy(&after, &lguest_data, sizeof after);
}

static void test_entry_state(void)
{
        struct boot_registers *r = &boot_registers;

        check(4, "entry: CS", r->cs, KERNEL_CS);
        check(4, "entry: DS, ES and SS", r->ds == KERNEL_DS && r->es == KERNEL_DS && r->ss == KERNEL_DS, true);
        check(4, "entry: FS and GS are null", r->fs | r->gs, 0);
        check(4, "entry: EFLAGS", r->eflags, EFLAGS_IF | 2);
        check(4, "entry: the eight general registers are zero",
              r->eax | r->ebx | r->ecx | r->edx | r->esi | r->edi | r->ebp | r->esp, 0);
}

/* The directory is the last page under the initrd, its tables the pages before. */
static void test_launcher_tables(void)
{
        u32 room = -PAGE_OFFSET, mapped = memory_bytes() < room ? memory_bytes() : room;
        u32 tables = (mapped + 0x3FFFFF) >> 22, flags = PTE_PRESENT | PTE_WRITE | PTE_USER;
        u32 at = memory_bytes() - initrd_bytes() - PAGE_BYTES, linear = at - tables * PAGE_BYTES;
        u32 *directory = va(at), *entries = va(linear), wrong = 0;
        u32 set_by_use = PTE_ACCESSED | PTE_DIRTY;

        if (at >= IO_WINDOW - PAGE_OFFSET) {
                skip(5, "launcher's directory: more RAM than we map");
                return;
        }
        check(5, "launcher's directory: entry 768", directory[768] & ~set_by_use, linear | flags);
        check(5, "launcher's directory: entry 0, no identity map", directory[0], 0);
        for (u32 i = 0; i < 1024; i++) {
                u32 want = i >= 768 && i < 768 + tables ? (linear + (i - 768) * PAGE_BYTES) | flags : 0;
                if ((directory[i] & ~set_by_use) != want)
                        wrong++;
        }
        check(5, "launcher's directory: wrong entries", wrong, 0);
        wrong = 0;
        for (u32 i = 0; i < tables * 1024; i++)
                if ((entries[i] & ~set_by_use) != (i < mapped / PAGE_BYTES ? i * PAGE_BYTES | flags : 0))
                        wrong++;
        check(5, "launcher's tables: wrong entries", wrong, 0);
}

static void test_boot_params(void)
{
        u32 start = *(u32 *)va(BOOT_INITRD_START), bytes = *(u32 *)va(BOOT_INITRD_BYTES);
        u32 loader = *(u8 *)va(BOOT_LOADER_TYPE), length = strlen(kernel_cmdline);
        u32 *e820 = va(BOOT_E820_MAP);

        if (loader) {
                check(7, "initrd: type_of_loader", loader, 0xFF);
                check(7, "initrd: ends with RAM", start + bytes, memory_bytes());
                check(7, "initrd: size is in whole pages", bytes % PAGE_BYTES, 0);
        } else {
                check(7, "no initrd: address and size", start | bytes, 0);
        }
        check(8, "command line is at physical 0x1000", *(u32 *)va(BOOT_CMDLINE), 0x1000);
        if (length)
                check(8, "command line ends with a space", kernel_cmdline[length - 1], ' ');
        else
                check(9, "no arguments: empty command line", *(u8 *)va(0x1000), 0);
        check(10, "e820: one entry", *(u8 *)va(BOOT_E820_COUNT), 1);
        check(10, "e820: RAM from 0, below 4 GiB", e820[0] | e820[1] | e820[3], 0);
        check(10, "e820: type RAM", e820[4], 1);
}

static void test_init(void)
{
        u32 from = __builtin_offsetof(struct lguest_data, hcall_status);
        u32 to = __builtin_offsetof(struct lguest_data, reserve_mem);

        check(15, "LGUEST_INIT writes reserve_mem", after.reserve_mem, 0x400000);
        check(15, "LGUEST_INIT writes guestid, below 16", after.guestid < 16, true);
        check(15, "LGUEST_INIT writes time", after.time_sec != SENTINEL && after.time_nsec < NSEC_PER_SEC, true);
        check(15, "LGUEST_INIT writes tsc_khz", after.tsc_khz != SENTINEL, true);
        check(15, "LGUEST_INIT leaves irq_enabled alone", after.irq_enabled, before.irq_enabled);
        check(15, "LGUEST_INIT leaves blocked_interrupts alone", after.blocked_interrupts, before.blocked_interrupts);
        check(15, "LGUEST_INIT leaves the ring alone",
              memcmp((u8 *)&before + from, (u8 *)&after + from, to - from), 0);
        check(15, "LGUEST_INIT leaves noirq_start and noirq_end alone",
              after.noirq_start == before.noirq_start && after.noirq_end == before.noirq_end, true);
}

void test_boot(void)
{
        test_entry_state();
        test_launcher_tables();
        test_boot_params();
        test_init();
}
