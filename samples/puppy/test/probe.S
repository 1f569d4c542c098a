/* What C cannot say: come back after a trap, see every register, leave for user mode. */
#include "layout.h"

        .text
/* int catch_mark(void): returns 0; then once more, 1, when catch_resume is called. */
        .globl  catch_mark
catch_mark:
        pop     %edx
        mov     %ebx, mark
        mov     %esi, mark + 4
        mov     %edi, mark + 8
        mov     %ebp, mark + 12
        mov     %esp, mark + 16
        mov     %edx, mark + 20
        xor     %eax, %eax
        jmp     *%edx

        .globl  catch_resume
catch_resume:
        mov     mark, %ebx
        mov     mark + 4, %esi
        mov     mark + 8, %edi
        mov     mark + 12, %ebp
        mov     mark + 16, %esp
        mov     $1, %eax
        jmp     *mark + 20

/* void hcall_registers(u32 registers[7]) */
        .globl  hcall_registers
hcall_registers:
        pusha
        mov     36(%esp), %eax
        push    %eax
        mov     4(%eax), %ebx
        mov     8(%eax), %ecx
        mov     12(%eax), %edx
        mov     16(%eax), %esi
        mov     20(%eax), %edi
        mov     24(%eax), %ebp
        mov     (%eax), %eax
        int     $0x1f
        xchg    %eax, (%esp)
        mov     %ebx, 4(%eax)
        mov     %ecx, 8(%eax)
        mov     %edx, 12(%eax)
        mov     %esi, 16(%eax)
        mov     %edi, 20(%eax)
        mov     %ebp, 24(%eax)
        pop     (%eax)
        popa
        ret

/* void enter_user(u32 eip, u32 esp, u32 irq_enabled): comes back by a trap only. */
        .globl  enter_user
enter_user:
        mov     4(%esp), %ecx
        mov     8(%esp), %edx
        mov     12(%esp), %eax
        push    $USER_DS
        push    %edx
        push    $(EFLAGS_IF | 2)
        push    $USER_CS
        push    %ecx
        mov     %eax, lguest_data
        mov     $USER_DS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        iret

        .bss
        .balign 4
mark:   .zero   6 * 4

        .balign PAGE_BYTES
        .zero   PAGE_BYTES
        .globl  probe_stack_top
probe_stack_top:
