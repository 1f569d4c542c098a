/* The first instructions of a user program: its number is in EAX, as the kernel put it. */
        .section .start, "ax"
        .globl  _start
_start:
        push    %eax
        call    main
        mov     %eax, %ebx
        xor     %eax, %eax                      /* SYS_EXIT */
        int     $0x80
