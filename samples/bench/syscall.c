/* System calls: a program at CPL 3 calls its kernel by INT 0x80, which comes back by IRET.  syscall.S has both sides' assembler. */
#include "kernel.h"

#define SYSTEM_CALL 0x80

static u8 user_stack[PAGE] __attribute__((aligned(PAGE)));
static u32 calls_made;

extern void user_program(void), system_call(void);

/* Runs the program, which makes so many calls and adds their answers up. */
u32 enter_user(u32 calls, void *stack);

/* Every call comes here, from system_call. */
u32 serve(u32 number, u32 argument)
{
        calls_made++;
        return number + (argument >> 3 ^ calls_made);
}

u32 syscall(void)
{
        set_gate(SYSTEM_CALL, system_call, 3);
        give_to_user(user_program);
        give_to_user(user_stack);
        calls_made = 0;
        return enter_user(SYSCALLS, user_stack + PAGE);
}
