/*
 * The first instructions of the guest.
 *
 * The launcher searches the image for the tag and starts us at the byte after it: CPL 1, paging on,
 * all of RAM at PAGE_OFFSET, every general register zero (ESI, zero, is the physical address of
 * boot_params).  We note what we were given, for the self-test, take a stack, and clear .bss, which
 * nobody has cleared for us.
 */
#include "layout.h"

        .section .entry, "ax"
        .ascii  "GenuineLguest"
        .globl  entry
entry:
        mov     %eax, boot_registers
        mov     %ebx, boot_registers + 4
        mov     %ecx, boot_registers + 8
        mov     %edx, boot_registers + 12
        mov     %esi, boot_registers + 16
        mov     %edi, boot_registers + 20
        mov     %ebp, boot_registers + 24
        mov     %esp, boot_registers + 28
        mov     $boot_stack_top, %esp           /* MOV leaves the flags alone */
        pushf
        pop     boot_registers + 32
        mov     %cs, boot_registers + 36
        mov     %ds, boot_registers + 40
        mov     %es, boot_registers + 44
        mov     %ss, boot_registers + 48
        mov     %fs, boot_registers + 52
        mov     %gs, boot_registers + 56

        cld
        xor     %eax, %eax
        mov     $bss_start, %edi
        mov     $image_end, %ecx
        sub     %edi, %ecx
        rep stosb

        call    boot
        ud2                                     /* boot does not return */

        /* In .data, because .bss is cleared after we write here. */
        .data
        .balign 4
        .globl  boot_registers
boot_registers:
        .zero   15 * 4

        .bss
        .balign 4096
        .globl  boot_stack, boot_stack_top
boot_stack:
        .zero   2 * PAGE_BYTES
boot_stack_top:
