/* Ways to die, one for each statement of the checklist that ends a guest. */
#include "test.h"

#define OUT_OF_RANGE 0x40000000         /* physical: nobody has that much */

static void no_identity(void) { (void)*(volatile u32 *)0x1000; }
static void call_before_init(void) { hcall(LHCALL_SEND_DMA, 0, 0, 0); }
static void init_out_of_range(void) { hcall(LHCALL_LGUEST_INIT, memory_bytes() + 0x100000, 0, 0); }
static void second_init(void) { lguest_init(); }
static void call_11(void) { hcall(11, 0, 0, 0); }
static void call_17(void) { hcall(17, 0, 0, 0); }
static void crash_out_of_range(void) { hcall(LHCALL_CRASH, OUT_OF_RANGE, 0, 0); }
static void gdt_33(void) { hcall(LHCALL_LOAD_GDT, pa(page_alloc()), 33, 0); }
static void gate_of_type_5(void) { hcall(LHCALL_LOAD_IDT_ENTRY, VECTOR_PF, 0, 0x8500); }
static void stack_of_ring_0(void) { hcall(LHCALL_SET_STACK, KERNEL_DS & ~3, (u32)probe_stack_top, 1); }
static void stack_of_ring_3(void) { hcall(LHCALL_SET_STACK, KERNEL_DS | 3, (u32)probe_stack_top, 1); }
static void stack_of_three_pages(void) { hcall(LHCALL_SET_STACK, KERNEL_DS, (u32)probe_stack_top, 3); }
static void stack_unmapped(void) { hcall(LHCALL_SET_STACK, KERNEL_DS, SCRATCH, 1); }
static void pte_in_switcher(void) { hcall(LHCALL_SET_PTE, pa(kernel_directory), 0xFFC00000, 0); }
static void bind_odd_key(void) { bind(2, &spare_a, SPARE_KEY_IRQ); }
static void send_odd_key(void) { hcall(LHCALL_SEND_DMA, 2, pa(&spare_a), 0); }

static void long_crash(void)
{
        static char text[200];

        memset(text, 'x', sizeof text);
        hcall(LHCALL_CRASH, pa(text), 0, 0);
}

static void trap_without_gate(void)
{
        set_gate(VECTOR_UD, NULL, GATE_NONE);
        asm volatile("ud2");
}

static void touch_window(u32 pte)
{
        page_map(kernel_directory, SCRATCH, pte | PTE_PRESENT | PTE_WRITE);
        hcall(LHCALL_FLUSH_TLB, 1, 0, 0);
        (void)*(volatile u32 *)SCRATCH;
}

static void pte_with_pwt(void) { touch_window(pa(page_alloc()) | PTE_PWT); }
static void pte_at_limit(void) { touch_window(pfn_limit() << 12); }

static void pde_of_4_mib(void)
{
        kernel_directory[SCRATCH >> 22] = PTE_BIT7 | PTE_PRESENT | PTE_WRITE;
        hcall(LHCALL_SET_PMD, pa(kernel_directory), SCRATCH >> 22, 0);
        (void)*(volatile u32 *)SCRATCH;
}

static void disk_request(bool write, u32 sector, u32 bytes)
{
        if (disk_count)
                disk_transfer(&disks[0], write, sector, page_alloc(), bytes);
        else
                printk("kill: no disk\n");
}

static void read_beyond_end(void) { disk_request(false, disks[0].page->num_sectors + 1, SECTOR_BYTES); }
static void write_past_end(void) { disk_request(true, disks[0].page->num_sectors - 1, PAGE_BYTES); }

static const struct way {
        const char *statement;
        void (*die)(void);
        const char *what, *reason;      /* reason: the beginning of what the launcher says */
        bool booting;                   /* only before LGUEST_INIT: kill=N on the command line */
} ways[] = {
        { "6", no_identity, "read of 0x1000 through the launcher's tables", "unhandled trap 14 at", true },
        { "14", call_before_init, "SEND_DMA before LGUEST_INIT", "hypercall 13 before LGUEST_INIT", true },
        { "16", second_init, "a second LGUEST_INIT", "already have lguest_data", false },
        { "17", init_out_of_range, "LGUEST_INIT beyond memory", "bad guest page", true },
        { "21", call_11, "call 11", "Bad hypercall 11", false },
        { "21b", call_17, "call 17", "Bad hypercall 17", false },
        { "23", long_crash, "CRASH with 200 characters", "CRASH: xxx", false },
        { "24", crash_out_of_range, "CRASH beyond memory", "bad read address 0x40000000 len 128", false },
        { "25", gdt_33, "LOAD_GDT of 33 entries", "too many gdt entries 33", false },
        { "27", gate_of_type_5, "a gate of type 5", "bad IDT type 5", false },
        { "29", stack_of_ring_0, "SET_STACK with RPL 0", "bad stack segment 104", false },
        { "29b", stack_of_ring_3, "SET_STACK with RPL 3", "bad stack segment 107", false },
        { "29c", stack_of_three_pages, "SET_STACK of 3 pages", "bad stack pages 3", false },
        { "29d", stack_unmapped, "SET_STACK where nothing is", "bad stack page 0x3fffffff", false },
        { "49", trap_without_gate, "UD2 without a gate", "unhandled trap 6 at", false },
        { "52", pde_of_4_mib, "a page directory entry with bit 7", "bad page directory entry", false },
        { "52b", pte_with_pwt, "a page table entry with PWT", "bad page table entry", false },
        { "53", pte_at_limit, "a page at pfn_limit", "bad page table entry", false },
        { "55", pte_in_switcher, "SET_PTE at 0xffc00000", "attempt to access switcher pages", false },
        { "57", bind_odd_key, "BIND_DMA of key 2", "bad dma key 0x2", false },
        { "57b", send_odd_key, "SEND_DMA to key 2", "bad sending DMA key", false },
        { "65", read_beyond_end, "a sector beyond the end of the disk", "Bad offset", false },
        { "65b", write_past_end, "a write past the end of the disk", "Write past end", false },
};

void kill_show(void)
{
        for (u32 i = 0; i < COUNT_OF(ways); i++)
                printk("%-4s%s: %s%s\n", ways[i].statement, ways[i].what, ways[i].reason,
                       ways[i].booting ? " (as kill= on the command line)" : "");
}

bool kill_guest(const char *statement, bool booting)
{
        for (u32 i = 0; i < COUNT_OF(ways); i++) {
                if (strcmp(statement, ways[i].statement))
                        continue;
                if (ways[i].booting != booting) {
                        if (!booting)
                                printk("kill %s: only before LGUEST_INIT: kill=%s on the command line\n",
                                       statement, statement);
                        return true;
                }
                if (!booting)
                        printk("kill %s: %s, expect: %s\n", statement, ways[i].what, ways[i].reason);
                ways[i].die();
                if (!booting)
                        printk("kill %s: still alive\n", statement);
                return true;
        }
        return false;
}
