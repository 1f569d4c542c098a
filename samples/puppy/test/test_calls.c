/* Statements 19 to 29: hypercalls, one at a time. */
#include "test.h"

static void test_arguments(void)
{
        u32 key = pa(&spare_key);

        check(19, "BIND_DMA(EDX key, EBX array, ECX count and irq)", bind(key, &spare_a, SPARE_KEY_IRQ), 1);
        check(19, "key and array exchanged is another binding", hcall(LHCALL_BIND_DMA, pa(&spare_a), key, 0), 0);
        check(19, "unbind in the right order", unbind(key, &spare_a), 1);
}

/* Every call that can be made for its own sake, with a pattern in what it does not use. */
static void test_registers_kept(void)
{
        u32 stack = (u32)current->kstack + KSTACK_BYTES;
        const struct hcall_ring calls[] = {
                { LHCALL_FLUSH_ASYNC, 0x11, 0x22, 0x33 },
                { LHCALL_NEW_PGTABLE, pa(kernel_directory), 0x22, 0x33 },
                { LHCALL_FLUSH_TLB, 1, 0x22, 0x33 },
                { LHCALL_LOAD_IDT_ENTRY, 0x50, 0x22, 0x33 },
                { LHCALL_SET_STACK, KERNEL_DS, stack, 1 },
                { LHCALL_TS, 1, 0x22, 0x33 },
                { LHCALL_SET_CLOCKEVENT, 0, 0x22, 0x33 },
                { LHCALL_SET_PTE, pa(kernel_directory), SCRATCH, 0 },
                { LHCALL_SET_PMD, pa(kernel_directory), 1, 0x33 },
                { LHCALL_LOAD_TLS, pa(current->tls), 0x22, 0x33 },
        };
        u32 changed = ~0u;

        for (u32 i = 0; i < COUNT_OF(calls); i++) {
                u32 registers[7] = { calls[i].eax, calls[i].ebx, calls[i].ecx, calls[i].edx,
                                     0x44444444, 0x55555555, 0x66666666 };
                u32 kept[7];
                memcpy(kept, registers, sizeof kept);
                hcall_registers(registers);
                if (memcmp(kept, registers, sizeof kept))
                        changed = calls[i].eax;
        }
        check(20, "no call but BIND_DMA changes a register", changed, ~0u);

        u32 registers[7] = { LHCALL_BIND_DMA, pa(&spare_a), 1 << 8 | LGUEST_IRQS, pa(&spare_key), 4, 5, 6 };
        u32 kept[7];
        memcpy(kept, registers, sizeof kept);
        hcall_registers(registers);
        check(20, "BIND_DMA changes EAX only", memcmp(kept + 1, registers + 1, sizeof kept - 4), 0);
}

/* LAR: the access rights of a descriptor, or 0 if we may not see it. */
static u32 access_rights(u32 selector)
{
        u32 rights = 0;

        asm volatile("lar %1, %0\n\tjz 1f\n\txor %0, %0\n1:" : "+r"(rights) : "r"(selector) : "cc");
        return rights & 0x00F0FF00;
}

static void test_gdt(void)
{
        static u64 table[32];

        for (u32 i = 0; i < COUNT_OF(table); i++)
                table[i] = descriptor(0, 0xFFFFF, 0x40F3);      /* would be visible, if accepted */
        table[KERNEL_CS / 8] = descriptor(0, 0xFFFFF, KERNEL_CODE_ACCESS);
        table[KERNEL_DS / 8] = descriptor(0, 0xFFFFF, 0xC092);  /* DPL 0, not accessed */
        table[USER_CS / 8] = descriptor(0, 0xFFFFF, USER_CODE_ACCESS);
        table[USER_DS / 8] = descriptor(0, 0xFFFFF, 0xC0F2);    /* not accessed */
        hcall(LHCALL_LOAD_GDT, pa(table), COUNT_OF(table), 0);

        check(26, "entry 15 gets its accessed bit", access_rights(USER_DS), 0x00C0F300);
        check(26, "entry 13 with DPL 0 becomes DPL 1", access_rights(KERNEL_DS), 0x00C0B300);
        check(26, "entry 18 is ours", access_rights(18 * 8), 0x0040F300);
        check(26, "entries 10, 11, 16 and 31 are not",
              access_rights(10 * 8) | access_rights(11 * 8) | access_rights(16 * 8) | access_rights(31 * 8), 0);
        segments_load();
}

/* A line whose gate is gone stays pending: that shows the gate is gone, and nobody dies of it. */
static void test_gate_removed(void)
{
        set_gate(FIRST_IRQ_VECTOR, NULL, GATE_NONE);
        forget_seen();
        clock_arm(SOON);
        irq_enable();
        a_while();
        check(28, "LOAD_IDT_ENTRY not present removes a handler", seen.count, 0);
        set_gate(FIRST_IRQ_VECTOR, vector_stub(FIRST_IRQ_VECTOR), GATE_INTERRUPT);
        check(28, "the line has stayed pending meanwhile", saw(1), true);
        irq_disable();
}

static void test_stack_pinned(void)
{
        void *page = page_alloc();
        u32 used = PTE_ACCESSED | PTE_DIRTY;

        page_map(kernel_directory, SCRATCH, pa(page) | PTE_PRESENT | PTE_WRITE);
        hcall(LHCALL_SET_STACK, KERNEL_DS, SCRATCH + PAGE_BYTES, 1);
        check(29, "SET_STACK sets A and D of the stack's page",
              *page_table_entry(kernel_directory, SCRATCH) & used, used);
        hcall(LHCALL_SET_STACK, KERNEL_DS, (u32)current->kstack + KSTACK_BYTES, 1);
        page_unmap(kernel_directory, SCRATCH);
        page_free(page);
}

void test_calls(void)
{
        test_arguments();
        test_registers_kept();
        test_gdt();
        test_gate_removed();
        test_stack_pinned();
}
