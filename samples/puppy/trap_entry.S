/*
 * Where traps and interrupts enter the kernel, and the way back.
 *
 * The processor, or the Host on its behalf, has pushed EFLAGS, CS, EIP (SS and ESP before them if
 * we came from user mode) and, for some vectors, an error code.  Each stub adds what is missing to
 * make every frame look alike, struct frame in puppy.h; C does the rest.
 */
#include "layout.h"

/* Vectors for which an error code is pushed: 8, 10 to 14, 17. */
#define PUSHES_ERROR(vector) ((vector) == 8 || ((vector) >= 10 && (vector) <= 14) || (vector) == 17)

/* 0x00 to 0x1F are traps, 0x20 to 0x3F interrupts: 64 stubs of 16 bytes, in order. */
        .text
        .balign 16
        .globl  vector_stubs
vector_stubs:
        .set    vector, 0
        .rept   64
        .balign 16
        .if     !PUSHES_ERROR(vector)
        push    $0
        .endif
        push    $vector
        jmp     enter
        .set    vector, vector + 1
        .endr

        .globl  syscall_stub
syscall_stub:
        push    $0
        push    $0x80

enter:  pusha
        push    %ds
        push    %es
        push    %fs
        push    %gs
        mov     $KERNEL_DS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        xor     %eax, %eax                      /* the kernel has no use for FS and GS; with null in
        mov     %eax, %fs                          them the TLS descriptors may change under us */
        mov     %eax, %gs
        cld
        push    %esp
        call    trap
        add     $4, %esp

        .globl  leave
leave:  pop     %gs
        pop     %fs
        pop     %es
        pop     %ds
        popa
        add     $8, %esp                        /* vector, error code */

/*
 * IRET at CPL 1 does not touch IF, and ours is not in EFLAGS anyway: it is lguest_data.irq_enabled.
 * It has to become what the frame says, and the instant it does an interrupt may come in, before
 * IRET has left this stack.  From user mode, that could go on until the stack is full.  So the Host
 * is told, once and for all, not to interrupt between noirq_start and noirq_end.
 */
        push    %eax
        mov     12(%esp), %eax                  /* EFLAGS, under EAX, EIP and CS */
        and     $EFLAGS_IF, %eax
        .globl  noirq_start, noirq_end
noirq_start:
        mov     %eax, %ss:lguest_data           /* irq_enabled comes first; DS may be the user's */
        pop     %eax
        iret

/*
 * The self-test's waiting room: inside the window, so no interrupt may come however long we stay.
 * void noirq_wait(u32 loops, volatile u32 *sample, u32 *into): turns interrupts on, spins, and reads
 * *sample before it leaves.
 */
        .globl  noirq_wait
noirq_wait:
        mov     4(%esp), %ecx
        movl    $EFLAGS_IF, lguest_data
1:      dec     %ecx
        jnz     1b
        mov     8(%esp), %edx
        mov     (%edx), %eax
        mov     12(%esp), %edx
        mov     %eax, (%edx)
        ret
noirq_end:
