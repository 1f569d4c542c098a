/* The interrupt descriptor table, and what every trap comes to. */
#include "puppy.h"

extern const char vector_stubs[][16], syscall_stub[];           /* trap_entry.S */
void selftest_catch(struct frame *frame);                      /* does not return if a test waits for it */

const char *vector_name(u32 vector)
{
        static const char *const names[] = {
                "divide error", "debug", "NMI", "breakpoint", "overflow", "bound range", "invalid opcode",
                "device not available", "double fault", "coprocessor segment", "invalid TSS",
                "segment not present", "stack fault", "general protection", "page fault", "reserved",
                "x87 error", "alignment check", "machine check", "SIMD error",
        };
        return vector < COUNT_OF(names) ? names[vector] : "unknown trap";
}

const void *vector_stub(u32 vector)
{
        return vector == VECTOR_SYSCALL ? syscall_stub : vector_stubs[vector];
}

/* The Host fills in the selector itself: the kernel's code segment. */
void set_gate(u32 vector, const void *handler, u32 gate)
{
        u32 offset = (u32)handler;

        hcall(LHCALL_LOAD_IDT_ENTRY, vector, KERNEL_CS << 16 | (offset & 0xFFFF), (offset & 0xFFFF0000) | gate);
}

/*
 * Traps and interrupts get interrupt gates: they come through the Host, which turns irq_enabled off
 * and puts what it was into the IF of the frame.  Vector 0x80 gets a trap gate: a system call goes
 * straight from the processor to us, without a detour through the Host, and irq_enabled stays on.
 */
void traps_init(void)
{
        for (u32 vector = 0; vector < FIRST_IRQ_VECTOR + LGUEST_IRQS; vector++)
                set_gate(vector, vector_stubs[vector], GATE_INTERRUPT | (vector == VECTOR_BP ? GATE_DPL3 : 0));
        set_gate(VECTOR_SYSCALL, syscall_stub, GATE_TRAP | GATE_DPL3);
}

static void describe(const struct frame *frame, u32 cr2)
{
        printk("%s (vector %u, error 0x%x) at eip 0x%08x", vector_name(frame->vector), frame->vector,
               frame->error, frame->eip);
        if (frame->vector == VECTOR_PF)
                printk(", address 0x%08x, %s %s", cr2, frame->error & PF_WRITE ? "write" : "read",
                       frame->error & PF_PRESENT ? "not allowed" : "not present");
        printk("\n");
}

/* A trap nobody repairs ends the process that caused it; in the kernel, the guest. */
static void fatal(struct frame *frame, u32 cr2)
{
        if (!from_user(frame)) {
                describe(frame, cr2);
                panic("%s in the kernel at 0x%08x", vector_name(frame->vector), frame->eip);
        }
        printk("puppy: pid %u (%s): ", current->pid, current->name);
        describe(frame, cr2);
        process_exit(-1);
}

/* From trap_entry.S, for everything. */
void trap(struct frame *frame)
{
        u32 cr2 = *(volatile u32 *)&lguest_data.cr2;            /* before another fault overwrites it */

        selftest_catch(frame);
        if (frame->vector >= FIRST_IRQ_VECTOR && frame->vector < FIRST_IRQ_VECTOR + LGUEST_IRQS)
                irq_dispatch(frame->vector - FIRST_IRQ_VECTOR, frame);
        else if (frame->vector == VECTOR_SYSCALL && from_user(frame))
                syscall(frame);
        else if (frame->vector == VECTOR_NM && from_user(frame))
                fpu_trap();
        else if (frame->vector == VECTOR_PF && from_user(frame) && page_fault(cr2, frame->error))
                current->faults++;
        else
                fatal(frame, cr2);

        /* On the way back to user mode is where a process loses the processor, or its life. */
        if (from_user(frame)) {
                irq_disable();
                preempt();
                if (current->doomed)
                        process_exit(-1);
        }
}
