/* The user programs, flattened by build.sh, and the table of them. */
        .macro  program name
        .balign 4
\name\()_start:
        .incbin "\name\().bin"
\name\()_end:
        .endm

        .macro  entry name, copies
        .long   \name\()_name, \name\()_start, \name\()_end, \copies
        .endm

        .section .rodata
        program hello
        program count
        program sleeper
        program fpu
        program grow
        program fault

hello_name:     .asciz  "hello"
count_name:     .asciz  "count"
sleeper_name:   .asciz  "sleeper"
fpu_name:       .asciz  "fpu"
grow_name:      .asciz  "grow"
fault_name:     .asciz  "fault"

        .balign 4
        .globl  programs
programs:
        entry   hello, 1
        entry   count, 1
        entry   sleeper, 1
        entry   fpu, 2                          /* two, so that each finds the FPU full of the other */
        entry   grow, 1
        entry   fault, 1
        .long   0, 0, 0, 0
