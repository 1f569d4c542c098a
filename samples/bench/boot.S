# A multiboot 1 kernel's first instructions: a stack, then C.  One that the loader is none for ends with status 0x32.

        .set    MULTIBOOT_MAGIC, 0x1BADB002
        .set    MULTIBOOT_FLAGS, 0
        .set    BOOTLOADER_MAGIC, 0x2BADB002
        .set    EXIT_PORT, 0xF4
        .set    EXIT_NOT_MULTIBOOT, 0x32

        .section .multiboot, "a"
        .balign 4
        .long   MULTIBOOT_MAGIC
        .long   MULTIBOOT_FLAGS
        .long   -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

        .text
        .globl  _start
_start: cmp     $BOOTLOADER_MAGIC, %eax
        mov     $EXIT_NOT_MULTIBOOT, %al
        jne     exit
        mov     $stack_end, %esp
        push    %ebx
        call    start

exit:   out     %al, $EXIT_PORT
halt:   cli
        hlt
        jmp     halt

# Where faults go that nobody expects: no use in going on.
        .globl  unexpected
unexpected:
        push    %esp
        call    died

        .bss
        .balign 4096
        .skip   65536
stack_end:
