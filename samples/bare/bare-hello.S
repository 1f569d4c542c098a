# bare-hello: a multiboot 1 kernel for a processor with no Host under it.
#
# Prints its command line and a newline to port 0xE9, a byte at a time, and ends by writing 0x31 to
# port 0xF4.  QEMU serves both ports:
#
#   qemu-system-i386 -display none -debugcon stdio -device isa-debug-exit,iobase=0xf4 \
#                    -kernel bare-hello.elf -append 'words to print'
#
# (QEMU then exits with status 2 * 0x31 + 1 = 99).

        .set    MULTIBOOT_MAGIC, 0x1BADB002
        .set    MULTIBOOT_FLAGS, 0
        .set    BOOTLOADER_MAGIC, 0x2BADB002
        .set    INFO_CMDLINE, 1 << 2            # multiboot_info.flags: cmdline is valid
        .set    DEBUG_PORT, 0xE9
        .set    EXIT_PORT, 0xF4
        .set    EXIT_FINE, 0x31
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

        mov     $empty, %esi
        testl   $INFO_CMDLINE, (%ebx)
        jz      print
        mov     16(%ebx), %esi                  # multiboot_info.cmdline: physical, NUL-terminated
print:  lodsb
        test    %al, %al
        jz      end
        out     %al, $DEBUG_PORT
        jmp     print
end:    mov     $'\n', %al
        out     %al, $DEBUG_PORT
        mov     $EXIT_FINE, %al
exit:   out     %al, $EXIT_PORT
halt:   cli
        hlt
        jmp     halt

        .section .rodata
empty:  .byte   0
