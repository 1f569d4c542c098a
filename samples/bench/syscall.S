#include "selectors.h"

        .set    EFLAGS_START, 2

# The program at CPL 3, alone on its page: makes EDI calls with EAX and EBX, answered in EAX. Call 0 ends it.
        .text
        .balign 4096
        .globl  user_program
user_program:
        xor     %ebx, %ebx
1:      mov     $20, %eax
        int     $0x80
        add     %eax, %ebx
        dec     %edi
        jnz     1b
        xor     %eax, %eax
        int     $0x80
        .balign 4096

# What a kernel does: saves registers, loads its segments, looks at the number, calls C, restores.
        .globl  system_call
system_call:
        push    %ds
        push    %es
        pusha
        mov     $KERNEL_DATA, %edx
        mov     %edx, %ds
        mov     %edx, %es
        cld
        test    %eax, %eax
        jz      leave_user
        push    %ebx
        push    %eax
        call    serve
        add     $8, %esp
        mov     %eax, 28(%esp)          # the EAX that POPA restores
        popa
        pop     %es
        pop     %ds
        iret

# u32 enter_user(u32 calls, void *stack): as if the kernel had been called by the program and went back to it.
        .globl  enter_user
enter_user:
        push    %ebx
        push    %esi
        push    %edi
        push    %ebp
        mov     %esp, kernel_esp
        push    %esp
        call    set_kernel_stack        # what is below this frame is free
        add     $4, %esp
        mov     20(%esp), %edi
        mov     24(%esp), %ecx
        mov     $USER_DATA, %eax
        mov     %eax, %ds
        mov     %eax, %es
        push    %eax
        push    %ecx
        push    $EFLAGS_START
        push    $USER_CODE
        push    $user_program
        iret

leave_user:
        mov     %ebx, %eax
        mov     kernel_esp, %esp
        pop     %ebp
        pop     %edi
        pop     %esi
        pop     %ebx
        ret

        .local  kernel_esp
        .comm   kernel_esp, 4
