# What the debug registers do that only a system can ask for: registers themselves, ports, general detect, RF in all frames, task
# switches, exceptions on the way to handlers, breakpoints of the handler itself. Each test prints its name, then every exception: the
# vector, where it was as a distance from the test's beginning, DR6 without what is always set, and RF and TF of the pushed EFLAGS.
#
#     gcc -m32 -c debug.S && ld -m elf_i386 -T system.lds -o debug.elf debug.o
#     qemu-system-i386 -accel tcg -cpu pentium2 -m 64 -display none -no-reboot -debugcon file:qemu.txt \
#                      -device isa-debug-exit,iobase=0xf4 -kernel debug.elf
#
# debug.expected is this project's output, which SystemProgramSpec leaves in target/debug.printed; where QEMU's differs, and why, is in QemuDifference.groovy.

        .set OUTP, 0xE9
        .set QUIET, 0x80                # a port that nobody minds
        .set RF, 0x10000
        .set TF, 0x100
        # R/W and LEN of DR7
        .set CODE, 0
        .set WRITE1, 1
        .set WRITE2, 5
        .set WRITE4, 13
        .set IO1, 2
        .set IO2, 6
        .set IO4, 14
        .set ACCESS1, 3
        .set ACCESS4, 15

        .section .multiboot,"a"
        .balign 4
        .long 0x1BADB002, 0, -0x1BADB002

        .macro SAY text:vararg
        .pushsection .rodata
98:     .asciz \text
        .popsection
        mov $98b, %esi
        call puts
        .endm
        # A test begins: what it prints as places are distances from here.
        .macro CASE name:vararg
        SAY \name
        movl $97f, origin
97:
        .endm
        .macro DONE
        call off
        call nl
        .endm
        .macro DR number, value
        mov \value, %eax
        mov %eax, %db\number
        .endm
        # Breakpoint n, enabled by G.
        .macro BREAK n, at, kind
        mov $\at, %eax
        mov %eax, %db\n
        mov %db7, %eax
        or $(2 << (2 * \n)) | (\kind << (16 + 4 * \n)), %eax
        mov %eax, %db7
        .endm

        .text
        .globl _start
_start: mov $stack0, %esp
        cld
        mov $0xff, %al
        out %al, $0x21
        out %al, $0xa1
        xor %ecx, %ecx
        mov $idt, %edi
        mov $stubs, %eax
1:      mov %eax, %edx
        and $0xffff, %edx
        or $0x80000, %edx
        mov %edx, (%edi)
        mov %eax, %edx
        and $0xffff0000, %edx
        or $0x8e00, %edx
        cmp $3, %ecx
        jne 2f
        or $0x6000, %edx
2:      mov %edx, 4(%edi)
        add $8, %edi
        add $16, %eax
        inc %ecx
        cmp $64, %ecx
        jb 1b
        mov $tss1, %eax
        mov $gdt+0x28, %edi
        call settss
        mov $tss2, %eax
        mov $gdt+0x38, %edi
        call settss
        lgdt gdtr
        lidt idtr
        ljmp $8, $1f
1:      mov $0x23, %eax
        mov %eax, %ds
        mov %eax, %es
        mov $0x10, %eax
        mov %eax, %ss
        mov $0x28, %eax
        ltr %ax

        call registers
        call code
        call data
        call ports
        call steps
        call tasks
        call user
        # QEMU's debug console reads as 0xE9. QEMU 7.2 itself ends with a failed assertion when it meets what follows.
        in $OUTP, %al
        cmp $OUTP, %al
        je 1f
        call frames
1:      SAY "end\n"
        mov $0x31, %al
        out %al, $0xF4
1:      jmp 1b

settss: mov %eax, %edx
        shl $16, %edx
        or $0x67, %edx
        mov %edx, (%edi)
        mov %eax, %edx
        shr $16, %edx
        and $0xff, %edx
        or $0x8900, %edx
        and $0xff000000, %eax
        or %eax, %edx
        mov %edx, 4(%edi)
        ret

        # ---- output
putc:   out %al, $OUTP
        ret
puts:   lodsb
        test %al, %al
        jz 1f
        call putc
        jmp puts
1:      ret
nl:     mov $10, %al
        jmp putc
sp:     mov $32, %al
        jmp putc
hex8:   mov $2, %ecx            # eax
        shl $24, %eax
        jmp hexn
hex16:  mov $4, %ecx
        shl $16, %eax
        jmp hexn
hex32:  mov $8, %ecx
hexn:   mov %eax, %edx
1:      rol $4, %edx
        mov %edx, %eax
        and $15, %eax
        mov digits(%eax), %al
        call putc
        loop 1b
        ret
say32:  push %eax               # eax, which is kept
        call sp
        mov (%esp), %eax
        call hex32
        pop %eax
        ret
off:    xor %eax, %eax
        mov %eax, %db7
        ret

        # ---- exceptions: go on, with RF behind a breakpoint of code
        .balign 16
stubs:
        .set v, 0
        .rept 64
        .balign 16
        .if v == 8 || (v >= 10 && v <= 14) || v == 17
        .else
        push $0
        .endif
        pushl $v
        jmp common
        .set v, v + 1
        .endr
        .balign 16
common: pusha
        push %ds
        mov $0x23, %eax
        mov %eax, %ds
        # above: ds, edi esi ebp esp ebx edx ecx eax, vector, error, eip, cs, eflags
        mov %db7, %ebx
        xor %eax, %eax
        mov %eax, %db7
        call sp
        mov 36(%esp), %eax
        call hex8
        mov $'@', %al
        call putc
        mov 44(%esp), %eax
        sub origin, %eax
        call hex16
        mov $':', %al
        call putc
        mov %db6, %eax
        xor $0xffff0ff0, %eax
        mov %eax, %ebp
        call hex16
        mov $'-', %al
        testl $RF, 52(%esp)
        jz 1f
        mov $'R', %al
1:      call putc
        mov $'-', %al
        testl $TF, 52(%esp)
        jz 1f
        mov $'T', %al
1:      call putc
        mov $0xffff0ff0, %eax
        mov %eax, %db6
        cmpl $1, 36(%esp)
        je 3f
        # no #DB: on at where the test says, without breakpoints
        xor %ebx, %ebx
        mov resume, %eax
        mov %eax, 44(%esp)
        jmp 5f
3:      # B0 to B3 of code: R/W is 0
        xor %ecx, %ecx
4:      mov %ebx, %edx
        push %ecx
        shl $2, %ecx
        add $16, %ecx
        shr %cl, %edx
        pop %ecx
        test $3, %dl
        jnz 6f
        bt %ecx, %ebp
        jnc 6f
        orl $RF, 52(%esp)
6:      inc %ecx
        cmp $4, %ecx
        jb 4b
5:      mov %ebx, %eax
        mov %eax, %db7
        pop %ds
        popa
        add $8, %esp
        iret

        # ---- DR0 to DR7
registers:
        SAY "-- registers\n"
        .irp val, 0, 0xffffffff, 0x12345678
        mov $\val, %eax
        mov %eax, %db0
        mov %db0, %eax
        call hex32
        call sp
        mov $\val, %eax
        mov %eax, %db6
        mov %db6, %eax
        call hex32
        call sp
        mov $\val & ~0x20ff, %eax
        mov %eax, %db7
        mov %db7, %eax
        call hex32
        call sp
        .endr
        mov $0xffff0ff0, %eax
        mov %eax, %db6
        call off
        call nl
        SAY "aliases "
        .byte 0x0f, 0x21, 0xe0          # mov %db4, %eax
        call hex32
        call sp
        .byte 0x0f, 0x21, 0xe8          # mov %db5, %eax
        call hex32
        call nl
        mov %cr4, %eax
        or $8, %eax
        mov %eax, %cr4
        CASE "none with DE"
        movl $1f, resume
        .byte 0x0f, 0x21, 0xe0
1:      movl $1f, resume
        .byte 0x0f, 0x21, 0xe8
1:      movl $1f, resume
        .byte 0x0f, 0x23, 0xe0
1:      movl $1f, resume
        .byte 0x0f, 0x23, 0xe8
1:      mov %cr4, %eax
        and $~8, %eax
        mov %eax, %cr4
        DONE
        CASE "general detect"
        mov $0x2000, %eax
        mov %eax, %db7
        mov %db0, %eax
        mov %db7, %eax
        call say32
        mov $0x2000, %eax
        mov %eax, %db7
        mov %eax, %db3
        DONE
        ret

        # ---- breakpoints of code
code:   SAY "-- code\n"
        CASE "once"
        BREAK 0, 1f, CODE
        nop
1:      nop
        nop
        DONE
        CASE "three at one place, one of them off"
        BREAK 0, 1f, CODE
        BREAK 1, 1f, CODE
        BREAK 3, 1f, CODE
        mov %db7, %eax
        and $~8, %eax
        mov %eax, %db7
        nop
1:      nop
        DONE
        CASE "local"
        DR 2, $1f
        DR 7, $0x10
1:      nop
        DONE
        CASE "LE and GE are not enough"
        DR 0, $1f
        DR 7, $0x300
1:      nop
        DONE
        CASE "a jump to itself twice"
        BREAK 0, 1f, CODE
        mov $3, %ecx
1:      loop 1b
        DONE
        CASE "not in the middle"
        BREAK 0, 1f+1, CODE
1:      mov $0, %ecx
        DONE
        CASE "the instruction after MOV DR7"
        DR 0, $1f
        mov $2, %eax
        mov %eax, %db7
1:      nop
        DONE
        CASE "IRET with RF"
        BREAK 0, 1f, CODE
        pushf
        orl $RF, (%esp)
        push %cs
        push $1f
        iret
1:      nop
        DONE
        CASE "IRET without"
        BREAK 0, 1f, CODE
        pushf
        push %cs
        push $1f
        iret
1:      nop
        DONE
        CASE "POPF sets no RF"
        BREAK 0, 1f, CODE
        pushf
        orl $RF, (%esp)
        popf
1:      nop
        DONE
        CASE "a fault pushes RF"
        movl $1f, resume
        ud2
1:      DONE
        CASE "a breakpoint at a fault"
        BREAK 0, 2f, CODE
        movl $1f, resume
2:      ud2
1:      DONE
        CASE "INT n pushes none"
        movl $1f, resume
        int $0x30
1:      DONE
        CASE "INT3"
        BREAK 0, 2f, CODE
        movl $1f, resume
2:      int3
1:      DONE
        CASE "INT1"
        movl $1f, resume
        .byte 0xf1
1:      nop
        DONE
        CASE "at a repeated instruction"
        BREAK 0, 1f, CODE
        mov $from, %esi
        mov $to, %edi
        mov $3, %ecx
1:      rep movsb
        DONE
        CASE "at the handler of INT n"
        movl $1f, resume
        BREAK 0, stubs+16*0x30, CODE
        int $0x30
1:      DONE
        ret

        # ---- breakpoints of data
data:   SAY "-- data\n"
        .irp kind, WRITE1, WRITE2, WRITE4, ACCESS1, ACCESS4
        CASE "\kind"
        BREAK 0, to, \kind
        movb $1, to
        movb $1, to+1
        movb $1, to+2
        movb $1, to+3
        movb $1, to+4
        movw $1, to
        movw $1, to+4
        movl $1, to-3
        movl $1, to-2
        mov to, %eax
        mov to-4, %eax
        cmpb $0, to+1
        lock incl to
        DONE
        .endr
        CASE "string"
        BREAK 1, to+2, WRITE1
        BREAK 2, from+3, ACCESS1
        mov $from, %esi
        mov $to, %edi
        mov $6, %ecx
        rep movsb
        DONE
        CASE "the stack"
        lea -4(%esp), %eax
        mov %eax, %db0
        DR 7, $0xf0002
        push %ebx
        mov (%esp), %ebx
        call off
        pop %ebx
        DONE
        CASE "not if it faults"
        BREAK 0, to, ACCESS4
        movl $1f, resume
        mov $to, %esi
        mov $0x4b, %eax
        mov %eax, %es
        mov $to, %edi
        movl $1f, resume
        movsl
1:      mov $0x23, %eax
        mov %eax, %es
        DONE
        CASE "a descriptor"
        BREAK 0, gdt+0x48, ACCESS4
        mov $0x4b, %eax
        mov %eax, %es
        mov $0x23, %eax
        mov %eax, %es
        DONE
        CASE "MOV SS"
        movl $0x10, to
        BREAK 0, to, ACCESS4
        mov to, %ss
        nop
        nop
        DONE
        CASE "MOV SS, then a breakpoint of code"
        BREAK 0, 1f, CODE
        mov $0x10, %eax
        mov %eax, %ss
1:      nop
        nop
        DONE
        CASE "STI is no MOV SS"
        BREAK 0, 1f, CODE
        sti
1:      nop
        cli
        DONE
        ret

        # ---- breakpoints at ports
ports:  SAY "-- ports\n"
        mov %cr4, %eax
        or $8, %eax
        mov %eax, %cr4
        .irp kind, IO1, IO2, IO4
        CASE "\kind"
        BREAK 0, QUIET, \kind
        out %al, $QUIET
        out %al, $QUIET+1
        out %ax, $QUIET
        out %al, $QUIET+2
        out %eax, $QUIET-2
        in $QUIET+1, %al
        mov $QUIET+1, %edx
        out %al, %dx
        DONE
        .endr
        CASE "strings"
        BREAK 0, QUIET, IO1
        mov $QUIET, %edx
        mov $from, %esi
        mov $2, %ecx
        rep outsb
        mov $to, %edi
        insb
        DONE
        mov %cr4, %eax
        and $~8, %eax
        mov %eax, %cr4
        ret

        # ---- together with TF
        .macro STEP
        pushf
        orl $TF, (%esp)
        popf
        .endm
        .macro UNSTEP
        pushf
        andl $~TF, (%esp)
        popf
        .endm
steps:  SAY "-- steps\n"
        CASE "plain"
        STEP
        nop
        nop
        UNSTEP
        DONE
        CASE "and a breakpoint of code"
        BREAK 0, 1f, CODE
        STEP
        nop
1:      nop
        nop
        UNSTEP
        DONE
        CASE "and one of data"
        BREAK 3, to, WRITE1
        STEP
        movb $1, to
        nop
        UNSTEP
        DONE
        CASE "repeated"
        mov $to, %edi
        mov $2, %ecx
        STEP
        rep stosb
        UNSTEP
        DONE
        CASE "MOV SS"
        mov $0x10, %eax
        STEP
        mov %eax, %ss
        nop
        nop
        UNSTEP
        DONE
        CASE "INT n"
        movl $1f, resume
        STEP
        int $0x30
1:      UNSTEP
        DONE
        CASE "IRET"
        pushf
        push %cs
        push $1f
        STEP
        iret
1:      nop
        DONE
        CASE "STI"
        STEP
        sti
        nop
        cli
        UNSTEP
        DONE
        CASE "a fault"
        movl $1f, resume
        STEP
        ud2
1:      UNSTEP
        DONE
        CASE "MOV DR7"
        DR 0, $1f
        mov $2, %eax
        STEP
        mov %eax, %db7
1:      nop
        UNSTEP
        DONE
        ret

        # ---- task switches
tasks:  SAY "-- tasks\n"
        .macro TASK eip, flags, trap, name:vararg
        movl $\eip, tss2+32
        movl $\flags, tss2+36
        movl $stack2, tss2+56
        movl $0x23, tss2+72
        movl $8, tss2+76
        movl $0x10, tss2+80
        movl $0x23, tss2+84
        movl $0x23, tss2+88
        movl $0, tss2+92
        movl $0, tss2+96
        movl $\trap, tss2+100
        movb $0x89, gdt+0x3d
        CASE \name
        .endm
        TASK 1f, 2, 0, "local breakpoints end"
        xor %eax, %eax
        mov %eax, %db0
        mov %eax, %db1
        mov %eax, %db2
        mov %eax, %db3
        mov $0x7ff, %eax
        mov %eax, %db7
        lcall $0x38, $0
        jmp 2f
1:      mov %db7, %eax
        call say32
        iret
2:      mov %db7, %eax
        call say32
        DONE
        TASK 1f, 2, 1, "T"
        lcall $0x38, $0
        jmp 2f
1:      nop
        iret
2:      DONE
        TASK 1f, 2, 1, "T, and a breakpoint of code"
        BREAK 0, 1f, CODE
        lcall $0x38, $0
        jmp 2f
1:      nop
        iret
2:      DONE
        TASK 1f, 0x10002, 0, "a task with RF"
        BREAK 0, 1f, CODE
        lcall $0x38, $0
        jmp 2f
1:      nop
        iret
2:      DONE
        TASK 1f, 2, 0, "a task without"
        BREAK 0, 1f, CODE
        lcall $0x38, $0
        jmp 2f
1:      nop
        iret
2:      DONE
        ret

        # ---- a program
user:   SAY "-- user\n"
        mov %esp, kernel
        lea -4096(%esp), %eax
        mov %eax, tss1+4
        movl $0x10, tss1+8
        mov $back, %eax
        mov %ax, idt+8*0x33
        shr $16, %eax
        mov %ax, idt+8*0x33+6
        movw $0xee00, idt+8*0x33+4
        mov $setting, %eax
        mov %ax, idt+8*0x34
        shr $16, %eax
        mov %ax, idt+8*0x34+6
        movw $0xee00, idt+8*0x34+4
        CASE "MOV DR"
        movl $1f, resume
        pushl $0x23
        pushl $stack3
        pushl $0x3002
        pushl $0x1b
        pushl $4f
        iret
4:      mov %db0, %eax
1:      call nl
        CASE "INT1, INT 1"
        movl $1f, resume
        .byte 0xf1
        int $1
1:      call nl
        CASE "breakpoints that the system has set"
        # GE and G1: a write of to; G0: code
        int $0x34
1:      nop
.Lstop: nop
        movb $1, to+2
        movl $1, to-4
        push %eax
        pop %eax
        int $0x33
back:   mov kernel, %esp
        mov $0x23, %eax
        mov %eax, %ds
        mov %eax, %es
        DONE
        ret

        # On behalf of the program.
setting:
        push %eax
        BREAK 0, .Lstop, CODE
        BREAK 1, to, WRITE4
        pop %eax
        iret

        # ---- breakpoints that the delivery of an exception meets
frames: SAY "-- frames\n"
        CASE "the frame of INT n"
        movl $1f, resume
        lea -8(%esp), %eax
        mov %eax, %db0
        DR 7, $0xd0002
        int $0x30
1:      DONE
        CASE "the frame of a fault"
        movl $1f, resume
        lea -8(%esp), %eax
        mov %eax, %db0
        DR 7, $0xd0002
        ud2
1:      DONE
        CASE "MOV SS, then INT n"
        movl $0x10, to
        movl $1f, resume
        BREAK 0, to, ACCESS4
        mov to, %ss
        int $0x30
1:      DONE
        ret

        .section .rodata
digits: .ascii "0123456789abcdef"
        .data
        .balign 8
gdt:    .quad 0
        .quad 0x00cf9b000000ffff        # 08 code 0
        .quad 0x00cf93000000ffff        # 10 data 0
        .quad 0x00cffb000000ffff        # 18 code 3
        .quad 0x00cff3000000ffff        # 20 data 3
        .quad 0                         # 28 tss1
        .quad 0
        .quad 0                         # 38 tss2
        .quad 0x00409b0000000fff        # 40 code 0, 4 KiB
        .quad 0x0040f30000000000        # 48 data 3, one byte
gdtr:   .word gdtr - gdt - 1
        .long gdt
idtr:   .word 64 * 8 - 1
        .long idt
        .balign 8
from:   .ascii "from here"
        .balign 8
        .long 0
to:     .fill 32
origin: .long 0
resume: .long 0
kernel: .long 0
        .bss
        .balign 4096
idt:    .skip 64 * 8
        .balign 128
tss1:   .skip 104
        .balign 128
tss2:   .skip 104
        .balign 16
        .skip 4096
stack0: .skip 4096
stack2: .skip 4096
stack3:
