# bare-flat: the same idea without a loader's help.  A flat image for physical 0x100000 whose first
# byte is its first instruction: protected mode, CPL 0, flat segments, no stack, no paging.
#
# Prints a greeting to port 0xE9, a byte at a time, and ends by writing 0x31 to port 0xF4.

        .set    DEBUG_PORT, 0xE9
        .set    EXIT_PORT, 0xF4
        .set    EXIT_FINE, 0x31

        .text
        .globl  _start
_start: cld
        mov     $greeting, %esi
print:  lodsb
        test    %al, %al
        jz      end
        out     %al, $DEBUG_PORT
        jmp     print
end:    mov     $EXIT_FINE, %al
        out     %al, $EXIT_PORT
halt:   cli
        hlt
        jmp     halt

greeting:
        .asciz  "Hello from a flat image.\n"
