/* The interrupt controller, which is two words of lguest_data, and who listens to its 32 lines. */
#include "puppy.h"

static struct line {
        const char *name;
        irq_handler *handler;
        u32 count;
} lines[LGUEST_IRQS];

/* Interrupts come at any time: each of these is one instruction, which nothing can split. */
void irq_block(u32 line)
{
        asm volatile("btsl %1, %0" : "+m"(lguest_data.blocked_interrupts) : "r"(line) : "cc");
}

void irq_unblock(u32 line)
{
        asm volatile("btrl %1, %0" : "+m"(lguest_data.blocked_interrupts) : "r"(line) : "cc");
}

void irq_request(u32 line, const char *name, irq_handler *handler)
{
        lines[line].name = name;
        lines[line].handler = handler;
        irq_unblock(line);
}

irq_handler *irq_replace(u32 line, irq_handler *handler)
{
        irq_handler *before = lines[line].handler;

        lines[line].handler = handler;
        return before;
}

/* Called with interrupts off: the gates of all lines are interrupt gates. */
void irq_dispatch(u32 line, struct frame *frame)
{
        lines[line].count++;
        if (lines[line].handler)
                lines[line].handler(line, frame);
        wake_waiting();
}

void irq_show(void)
{
        printk("line     count  blocked  device\n");
        for (u32 i = 0; i < LGUEST_IRQS; i++)
                if (lines[i].name)
                        printk("%4u  %8u  %7s  %s\n", i, lines[i].count,
                               lguest_data.blocked_interrupts >> i & 1 ? "yes" : "no", lines[i].name);
        printk("irq_enabled 0x%x, blocked_interrupts 0x%08x\n", lguest_data.irq_enabled,
               lguest_data.blocked_interrupts);
}
