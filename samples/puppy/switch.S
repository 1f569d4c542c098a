/*
 * void switch_stacks(u32 *save, u32 load): leaves the kernel stack of one process, its stack pointer
 * in *save, for that of another.  Returns, one day, when somebody switches back.
 *
 * Only what C expects a call to preserve is saved: all else is dead, or in the trap frame.
 */
        .text
        .globl  switch_stacks
switch_stacks:
        mov     4(%esp), %eax
        mov     8(%esp), %edx
        push    %ebp
        push    %ebx
        push    %esi
        push    %edi
        mov     %esp, (%eax)
        mov     %edx, %esp
        pop     %edi
        pop     %esi
        pop     %ebx
        pop     %ebp
        ret
