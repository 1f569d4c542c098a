/* Does what a process must not, chosen by number; the kernel has to say so and live. */
#include "user.h"

int main(u32 argument)
{
        switch (argument) {
        case 0:                         /* write to nowhere */
                *(volatile u32 *)0 = 1;
                break;
        case 1:                         /* divide by zero */
                asm volatile("divl %0" :: "r"(0), "a"(1), "d"(0));
                break;
        case 2:
                asm volatile("ud2");
                break;
        case 3:                         /* interrupts are the kernel's business */
                asm volatile("cli");
                break;
        case 4:                         /* so is its memory */
                (void)*(volatile u32 *)0xC0100000;
                break;
        case 5:                         /* a breakpoint, which generation 1 turns into a protection fault */
                asm volatile("int3");
                break;
        case 6:                         /* a hypercall */
                asm volatile("int $0x1f" :: "a"(10));
                break;
        case 7:                         /* a port */
                asm volatile("inb $0x60, %%al" ::: "eax");
                break;
        }
        return argument;
}
