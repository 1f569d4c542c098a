/*
 * One FPU, many processes, and most of them never use it.
 *
 * So its registers are not saved at every switch.  They stay as their owner left them, and TS is set
 * for everybody else: the first FPU instruction of another process traps, and only then do the
 * registers change hands.
 */
#include "puppy.h"

static struct process *owner;

void fpu_init(void)
{
        hcall(LHCALL_TS, 1, 0, 0);
}

/* Part of a switch of processes, hence through the ring. */
void fpu_switch(struct process *next)
{
        async_hcall(LHCALL_TS, next != owner, 0, 0);
}

/* Vector 7 from user mode. */
void fpu_trap(void)
{
        current->fpu_traps++;
        hcall(LHCALL_TS, 0, 0, 0);
        if (owner)
                asm volatile("fnsave %0" : "=m"(owner->fpu));
        if (current->fpu_used)
                asm volatile("frstor %0" :: "m"(current->fpu));
        else
                asm volatile("fninit");
        current->fpu_used = true;
        owner = current;
}

void fpu_forget(struct process *process)
{
        if (owner == process)
                owner = NULL;
}
