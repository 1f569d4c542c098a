# What the system half of a processor does, asked of the processor itself: some 20,000 outcomes, printed to port 0xE9.
#
# Every descriptor access byte (0 to 0xFF) goes through segment loads, LAR, LSL, VERR, VERW, LLDT, LTR, far JMP and CALL, RETF, IRET,
# IDT gates and, at CPL 3, an inner stack; then come POPF and IRET at every IOPL, privileged instructions in ring 3, segment
# limits, CR0 and DR7, faults on the way to handlers, the I/O bitmap, virtual-8086 mode, task switches, and page faults for every
# combination of directory and table bits. A '.' is success, vv:eeee a fault and its error code, L a landing: CS, ESP and the top of
# the stack found there.
#
#     gcc -m32 -c system.S && ld -m elf_i386 -T system.lds -o system.elf system.o
#     qemu-system-i386 -accel tcg -cpu pentium2 -m 64 -display none -no-reboot -debugcon file:qemu.txt \
#                      -device isa-debug-exit,iobase=0xf4 -kernel system.elf
#
# system.expected is this project's output; where QEMU's differs, and why, is in QemuDifference.groovy.

        .set OUTP, 0xE9
        .section .multiboot,"a"
        .balign 4
        .long 0x1BADB002, 0, -0x1BADB002

        .macro BEGIN
        movl $-1, f_vec
        movl $0, f_err
        movl %esp, h_esp
        movl $99f, resume
        .endm
        .macro END
99:     movw $0x23, %ax
        movw %ax, %ds
        movw %ax, %es
        call result
        .endm
        .macro SAY text
        .pushsection .rodata
98:     .asciz "\text"
        .popsection
        mov $98b, %esi
        call puts
        .endm
        .macro DROP label, flags=$2
        pushl $0x23
        pushl $stack3
        pushl \flags
        pushl $0x1b
        pushl $\label
        iret
        .endm

        .text
        .globl _start
_start: mov $stack0, %esp
        cld
        mov $0xff, %al
        out %al, $0x21
        out %al, $0xa1
        # IDT
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
        cmp $0x80, %ecx
        jb 2f
        or $0x6000, %edx
2:      mov %edx, 4(%edi)
        add $8, %edi
        add $16, %eax
        inc %ecx
        cmp $256, %ecx
        jb 1b
        mov $tss1, %eax
        mov $gdt+0x28, %edi
        call settss
        mov $tss2, %eax
        mov $gdt+0x38, %edi
        call settss
        mov $ldt, %eax
        mov $gdt+0x30, %edi
        call settss
        movb $0x82, 5(%edi)
        lgdt gdtr
        lidt idtr
        ljmp $8, $1f
1:      mov $0x23, %eax
        mov %eax, %ds
        mov %eax, %es
        mov %eax, %fs
        mov %eax, %gs
        mov $0x10, %eax
        mov %eax, %ss
        mov $0x28, %eax
        ltr %ax
        mov $0x30, %eax
        lldt %ax
        # landing in low memory, for 16-bit gates
        mov $landed, %esi
        mov %esi, %edi
        and $0xffff, %edi
        mov $landed_end-landed, %ecx
        rep movsb
        mov $landed, %eax
        mov %ax, gate70
        shr $16, %eax
        mov %ax, gate70+6
        movw $0x25ff, 0x6000
        movl $landing16, 0x6002

        movl $0, h_ring
        call matrix
        call pops
        call privileged
        call limits
        call controls
        call doubles
        call io
        call vm86
        call tasks
        call paging
        # the matrix again at CPL 3, IOPL 3
        movl $3, h_ring
        SAY "-- ring 3\n"
        DROP ring3, $0x3002
ring3:  call matrix
        SAY "end\n"
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

        # ---- output (any ring with I/O)
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

        # prints '.', or vec:err; for landings, CS, ESP and the top of the stack
result: mov f_vec, %eax
        cmp $-1, %eax
        jne 1f
        mov $'.', %al
        call putc
        jmp sp
1:      cmp $0x81, %eax
        je 2f
        call hex8
        mov $':', %al
        call putc
        mov f_err, %eax
        call hex16
        jmp sp
2:      mov $'L', %al
        call putc
        mov f_eax, %eax
        call hex16
        mov $'@', %al
        call putc
        mov f_ebx, %eax
        call hex16
        mov $'[', %al
        call putc
        mov f_top, %eax
        call hex32
        mov $',', %al
        call putc
        mov f_top+4, %eax
        call hex32
        mov $',', %al
        call putc
        mov f_top+8, %eax
        call hex32
        mov $',', %al
        call putc
        mov f_top+12, %eax
        call hex32
        mov $',', %al
        call putc
        mov f_top+16, %eax
        call hex32
        mov $']', %al
        call putc
        jmp sp

        # ---- where far transfers land; position independent
landed: mov %esp, %ebx
        mov %cs, %eax
        int $0x81
landed_end:

        # ---- faults and INT n
        .balign 16
stubs:
        .set v, 0
        .rept 256
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
        push %es
        mov $0x10, %eax
        mov %eax, %ds
        mov %eax, %es
        mov 40(%esp), %eax
        mov %eax, f_vec
        mov 44(%esp), %eax
        mov %eax, f_err
        mov 48(%esp), %eax
        mov %eax, f_eip
        mov 52(%esp), %eax
        mov %eax, f_cs
        mov 56(%esp), %eax
        mov %eax, f_fl
        lea 60(%esp), %esi
        mov $f_more, %edi
        mov $6, %ecx
        rep movsl
        mov 24(%esp), %eax      # saved EBX: pusha order edi esi ebp esp ebx edx ecx eax
        mov %eax, f_ebx
        mov 36(%esp), %eax
        mov %eax, f_eax
        mov 28(%esp), %eax
        mov %eax, f_edx
        cmpl $0x81, f_vec
        jne 1f
        testl $0x20000, f_fl
        jnz 1f
        testl $0xf0000000, f_ebx
        jnz 1f
        mov f_ebx, %esi
        mov $f_top, %edi
        mov $5, %ecx
        rep movsl
1:      mov %cr2, %eax
        mov %eax, f_cr2
        cmpl $3, h_ring
        je 3f
        mov $0x10, %eax
        mov %eax, %ss
        mov h_esp, %esp
        mov $0x23, %eax
        mov %eax, %ds
        mov %eax, %es
        pushl $2
        popf
        pushl $8
        pushl resume
        lret
3:      mov $0x10, %eax
        mov %eax, %ss
        mov $istack, %esp
        pushl $0x23
        pushl h_esp
        pushl $0x3002
        pushl $0x1b
        pushl resume
        mov $0x23, %eax
        mov %eax, %ds
        mov %eax, %es
        iret

        # ---- descriptor types against everything
slot:   # gdt[0x40] from `access'
        mov access, %eax
        mov %eax, %ecx
        shl $8, %ecx
        test $0x10, %al
        jnz 1f
        and $15, %al
        bt %eax, gates
        jc 2f
        # system segment: base tss3, limit 0x67
        mov $tss3, %eax
        mov %eax, %edx
        shl $16, %edx
        or $0x67, %edx
        mov %edx, gdt+0x40
        shr $16, %eax
        or %ecx, %eax
        mov %eax, gdt+0x44
        ret
1:      movl $0xffff, gdt+0x40
        or $0xcf0000, %ecx
        mov %ecx, gdt+0x44
        ret
2:      mov $landed, %eax
        mov %eax, %edx
        and $0xffff, %edx
        or $0x80000, %edx
        mov %edx, gdt+0x40
        and $0xffff0000, %eax
        or %ecx, %eax
        mov %eax, gdt+0x44
        ret

matrix: movl $0, access
1:      mov access, %eax
        call hex8
        call sp
        call matrix1
        call nl
        incl access
        cmpl $256, access
        jb 1b
        ret

        .macro LOADSEG reg, selector
        call slot
        BEGIN
        mov $\selector, %eax
        mov %ax, \reg
        END
        .endm
        .macro LOADSS selector
        call slot
        BEGIN
        mov %ss, %ebx
        mov $\selector, %eax
        mov %ax, %ss
        mov %bx, %ss
        END
        .endm
        .macro ZF
        mov $'n', %al
        jnz 97f
        mov $'z', %al
97:     call putc
        .endm
        .macro RETFRAME insn, selector, ss, flags
        call slot
        BEGIN
        pushl $\ss
        pushl $stack3
        .ifnb \flags
        pushl $\flags
        .endif
        pushl $\selector
        pushl $landed
        \insn
        END
        .endm

matrix1:
        LOADSEG %ds, 0x40
        mov gdt+0x45, %al
        call hex8
        call sp
        LOADSEG %ds, 0x43
        LOADSEG %es, 0x41
        LOADSS 0x40
        LOADSS 0x43
        .irp sel, 0x40, 0x43
        call slot
        mov $0x12345678, %ebx
        mov $\sel, %eax
        lar %ax, %ebx
        ZF
        mov %ebx, %eax
        and $0xfff0ffff, %eax
        call hex32
        call sp
        mov $0x12345678, %ebx
        mov $\sel, %eax
        lsl %ax, %ebx
        ZF
        mov %ebx, %eax
        call hex32
        call sp
        mov $\sel, %eax
        verr %ax
        ZF
        mov $\sel, %eax
        verw %ax
        ZF
        call sp
        .endr
        cmpl $0, h_ring
        jne 1f
        call slot
        BEGIN
        mov $0x40, %eax
        lldt %ax
        END
        mov $0x30, %eax
        lldt %ax
        call slot
        BEGIN
        mov $0x40, %eax
        ltr %ax
        END
        mov gdt+0x45, %al
        call hex8
        call sp
        andb $0xfd, gdt+0x2d
        mov $0x28, %eax
        ltr %ax
1:      # far transfers, unless that would switch tasks
        mov access, %eax
        and $0x97, %al
        cmp $0x81, %al
        je 2f
        call slot
        BEGIN
        ljmp $0x40, $landed
        END
        call slot
        BEGIN
        ljmp $0x43, $landed
        END
        call slot
        BEGIN
        lcall $0x40, $landed
        END
        call slot
        BEGIN
        lcall $0x43, $landed
        END
        mov gdt+0x45, %al
        call hex8
        call sp
2:      RETFRAME lret, 0x40, 0x10
        RETFRAME lret, 0x41, 0x59
        RETFRAME lret, 0x43, 0x23
        RETFRAME iret, 0x40, 0x10, 2
        RETFRAME iret, 0x41, 0x59, 2
        RETFRAME iret, 0x43, 0x23, 2
        RETFRAME lret, 0x1b, 0x43
        RETFRAME lret, 0x1b, 0x40
        RETFRAME iret, 0x1b, 0x43, 2
        RETFRAME iret, 0x51, 0x41, 2
        mov gdt+0x45, %al
        call hex8
        call sp
        # a gate in the IDT with this access; then a gate to code with this access
        mov $landed, %eax
        mov %eax, %edx
        and $0xffff, %edx
        or $0x80000, %edx
        mov %edx, idt+0x80*8
        and $0xffff0000, %eax
        mov access, %ecx
        shl $8, %ecx
        or %ecx, %eax
        mov %eax, idt+0x80*8+4
        BEGIN
        int $0x80
        END
        movw $0x40, idt+0x80*8+2
        mov $landed, %eax
        and $0xffff0000, %eax
        or $0xee00, %eax
        mov %eax, idt+0x80*8+4
        call slot
        BEGIN
        int $0x80
        END
        # as an inner stack: SS0 of a call gate from ring 3
        cmpl $3, h_ring
        jne 1f
        call slot
        movl $0x41, tss1+16
        BEGIN
        lcall $0x73, $0
99:     movl $0x59, tss1+16
        movw $0x23, %ax
        movw %ax, %ds
        movw %ax, %es
        call result
1:      ret

        # ---- flags
pops:   SAY "-- popf, iret\n"
        movl $0, iopl
1:      .irp fl, 0, 0xfffffeff, 0x00244ed5
        .irp bits, 16, 32
        # ring 0
        BEGIN
        mov iopl, %eax
        or $2, %eax
        push %eax
        popf
        .if \bits == 32
        pushl $\fl
        popfl
        .else
        pushw $\fl & 0xffff
        popfw
        .endif
        pushf
        pop %edx
        pushl $2
        popf
        mov %edx, %eax
        call hex32
        call sp
        END
        # ring 0 by IRET
        BEGIN
        mov iopl, %eax
        or $2, %eax
        push %eax
        popf
        .if \bits == 32
        pushl $\fl & 0xfffdffff
        pushl $8
        pushl $2f
        iret
        .else
        movl $2f, landing16
        pushw $\fl & 0xffff
        pushw $8
        pushw $after16
        iretw
        .endif
2:      pushf
        pop %edx
        pushl $2
        popf
        mov %edx, %eax
        call hex32
        call sp
        END
        # ring 3
        BEGIN
        mov iopl, %eax
        or $2, %eax
        DROP 3f, %eax
3:
        .if \bits == 32
        pushl $\fl
        popfl
        .else
        pushw $\fl & 0xffff
        popfw
        .endif
        pushf
        pop %edx
        int $0x82
        END
        mov f_edx, %eax
        call hex32
        call sp
        mov f_fl, %eax
        call hex32
        call sp
        # ring 3 by IRET in ring 3
        .if \bits == 32
        BEGIN
        mov iopl, %eax
        or $2, %eax
        DROP 3f, %eax
3:      pushl $\fl
        pushl $0x1b
        pushl $4f
        iret
4:      pushf
        pop %edx
        int $0x82
        END
        mov f_edx, %eax
        call hex32
        call sp
        # from ring 0 to ring 3
        BEGIN
        mov iopl, %eax
        or $2, %eax
        push %eax
        popf
        DROP 3f, $\fl & 0xfffdffff
3:      pushf
        pop %edx
        int $0x82
        END
        mov f_edx, %eax
        call hex32
        call sp
        .endif
        .endr
        .endr
        call nl
        # CLI and STI in ring 3
        BEGIN
        mov iopl, %eax
        or $2, %eax
        DROP 3f, %eax
3:      cli
        int $0x82
        END
        BEGIN
        mov iopl, %eax
        or $2, %eax
        DROP 3f, %eax
3:      sti
        int $0x82
        END
        mov f_fl, %eax
        call hex32
        call nl
        addl $0x1000, iopl
        cmpl $0x4000, iopl
        jb 1b
        ret
        .set after16, 0x6000
landing16: .long 0

        # ---- instructions in ring 3
        .macro PRIV text, insn:vararg
        SAY "\text "
        BEGIN
        DROP 3f
3:      mov $buffer, %esi
        mov $buffer, %edi
        xor %eax, %eax
        xor %ecx, %ecx
        mov $0x28, %ebx
        mov $0x80, %edx
        \insn
        int $0x82
        END
        call nl
        .endm
privileged:
        SAY "-- privileged\n"
        PRIV clts, clts
        PRIV hlt, hlt
        PRIV lgdt, lgdt gdtr
        PRIV lidt, lidt idtr
        PRIV sgdt, sgdt buffer
        PRIV sidt, sidt buffer
        PRIV sldt, sldt %eax
        PRIV str, str %eax
        PRIV smsw, smsw %eax
        PRIV lldt, lldt %bx
        PRIV ltr, ltr %bx
        PRIV lmsw, lmsw %bx
        PRIV movcr, mov %cr0, %eax
        PRIV movtocr, mov %eax, %cr2
        PRIV movcr1, .byte 0x0f, 0x20, 0xc8
        PRIV movdr, mov %db0, %eax
        PRIV movtodr, mov %eax, %db0
        PRIV invd, invd
        PRIV wbinvd, wbinvd
        PRIV invlpg, invlpg buffer
        PRIV rdmsr, rdmsr
        PRIV wrmsr, wrmsr
        PRIV in, in $0x80, %al
        PRIV out, out %al, %dx
        PRIV ins, insb
        PRIV outs, outsb
        PRIV repins0, rep insb
        PRIV rdpmc, rdpmc
        PRIV ud2, ud2
        PRIV movcs, .byte 0x8e, 0xc8
        PRIV movseg6, .byte 0x8e, 0xf0
        PRIV movfromseg6, .byte 0x8c, 0xf0
        PRIV int3, int3
        PRIV int8, int $8
        PRIV int0x80, int $0x83
        PRIV into, into
        PRIV arpl, arpl %bx, %ax
        PRIV nullss, mov %ax, %ss
        SAY "ring 0: movcr1 "
        BEGIN
        .byte 0x0f, 0x20, 0xc8
        END
        SAY "cr5 "
        BEGIN
        .byte 0x0f, 0x20, 0xe8
        END
        SAY "cr7 "
        BEGIN
        .byte 0x0f, 0x22, 0xf8
        END
        SAY "lgdt reg "
        BEGIN
        .byte 0x0f, 0x01, 0xd0
        END
        SAY "smsw "
        xor %eax, %eax
        smsw %eax
        call hex32
        call sp
        SAY "sldt "
        mov $-1, %eax
        sldt %eax
        call hex32
        call sp
        mov $-1, %eax
        str %eax
        call hex32
        call sp
        mov $-1, %eax
        mov %ds, %eax
        call hex32
        call sp
        SAY "sgdt16 "
        movl $-1, buffer
        movl $-1, buffer+4
        data16 sgdt buffer
        mov buffer, %eax
        call hex32
        mov buffer+4, %eax
        call hex32
        call sp
        SAY "bound "
        movl $5, buffer
        movl $9, buffer+4
        .irp i, 4, 5, 9, 10
        BEGIN
        mov $\i, %eax
        bound %eax, buffer
        END
        .endr
        SAY "pops "
        BEGIN
        mov %esp, %ebp
        pushl $0x23
        pop %ds
        sub %esp, %ebp
        END
        mov %ebp, %eax
        call hex32
        call nl
        ret

        # ---- limits: reads and writes through DS and SS
        .macro LIMIT off
        .irp seg, %ds, %ss
        .irp op, b, w, l
        BEGIN
        DROP 3f
3:      mov $0x43, %eax
        mov %ax, \seg
        .ifc \op,b
        mov \seg:\off, %cl
        .endif
        .ifc \op,w
        mov \seg:\off, %cx
        .endif
        .ifc \op,l
        mov \seg:\off, %ecx
        .endif
        int $0x82
        END
        .endr
        .endr
        .endm
limits: SAY "-- limits\n"
        movl $0, access
1:      mov access, %ecx
        mov limittab(,%ecx,8), %eax
        mov %eax, gdt+0x40
        mov limittab+4(,%ecx,8), %eax
        mov %eax, gdt+0x44
        call hex32
        call sp
        LIMIT 0
        LIMIT 0xffd
        LIMIT 0xffe
        LIMIT 0xfff
        LIMIT 0x1000
        LIMIT 0xfffd
        LIMIT 0xfffe
        LIMIT 0xffff
        LIMIT 0x10000
        LIMIT 0xfffffffc
        call nl
        incl access
        cmpl $(limitend-limittab)/8, access
        jb 1b
        ret

        # ---- control and debug registers
controls:
        SAY "-- controls\n"
        mov %cr0, %ebp
        .irp val, 0x11, 0x40000011, 0x60000011, 0x00050033, 0x1fcaffd1, 0x7fcaffd9
        BEGIN
        mov $\val, %eax
        mov %eax, %cr0
        END
        mov %cr0, %eax
        call hex32
        call sp
        mov %ebp, %cr0
        .endr
        SAY "lmsw "
        .irp val, 0, 2, 0xfff4, 8, 1
        mov $\val, %eax
        lmsw %ax
        smsw %eax
        call hex32
        call sp
        .endr
        mov %ebp, %cr0
        SAY "dr "
        .irp val, 0, 0xffffdfff, 0x12345678
        mov $\val, %eax
        mov %eax, %db6
        mov %db6, %eax
        call hex32
        call sp
        mov $\val & ~0xff, %eax
        mov %eax, %db7
        mov %db7, %eax
        call hex32
        call sp
        xor %eax, %eax
        mov %eax, %db7
        .endr
        mov $-1, %eax
        mov %eax, %cr3
        mov %cr3, %eax
        call hex32
        call nl
        ret

        # ---- faults on the way to a handler
doubles:
        SAY "-- doubles\n"
        .irp np, 13, 11, 10, 6, 0
        movb $0x0e, idt+8*\np+5
        BEGIN
        mov $0xfff8, %eax
        mov %ax, %ds
        END
        BEGIN
        ud2
        END
        BEGIN
        xor %ecx, %ecx
        div %ecx
        END
        BEGIN
        int $\np
        END
        movb $0x8e, idt+8*\np+5
        call nl
        .endr
        # a gate to a bad selector
        .irp v, 0, 6, 13
        movw $0x800, idt+8*\v+2
        BEGIN
        xor %ecx, %ecx
        div %ecx
        END
        BEGIN
        ud2
        END
        BEGIN
        mov $0xfff8, %eax
        mov %ax, %ds
        END
        BEGIN
        int $\v
        END
        movw $8, idt+8*\v+2
        call nl
        .endr
        # short IDT
        movw $0x3ff, idtr
        lidt idtr
        BEGIN
        int $0x7f
        END
        BEGIN
        int $0x80
        END
        BEGIN
        DROP 3f
3:      int $0x90
        END
        movw $0x7ff, idtr
        lidt idtr
        # DPL of gates from ring 3
        BEGIN
        DROP 3f
3:      int $0x20
        END
        call nl
        # saved EIP and EFLAGS of faults and traps
        BEGIN
9:      ud2
        END
        call eipfl
        BEGIN
9:      int3
        END
        call eipfl
        BEGIN
9:      int $0x82
        END
        call eipfl
        BEGIN
        mov $0xfff8, %eax
9:      mov %ax, %ds
        END
        call eipfl
        movb $0x0e, idt+8*0x82+5
        BEGIN
9:      int $0x82
        END
        call eipfl
        movb $0xee, idt+8*0x82+5
        call nl
        ret
eipfl:  mov f_eip, %eax
        sub resume, %eax
        call hex32
        call sp
        mov f_fl, %eax
        call hex32
        jmp sp

        # ---- ports in ring 3
        .macro PORT port, insn:vararg
        BEGIN
        DROP 3f
3:      mov $\port, %edx
        \insn
        int $0x82
        END
        .endm
io:     SAY "-- ports\n"
        # bitmap at 0x68: ports 0x200.. open but 0x20f
        movw $0x68, tss1+0x66
        mov $tss1+0x68, %edi
        mov $-1, %eax
        mov $33, %ecx
        rep stosl
        movl $0, tss1+0x68+0x40
        movb $0x80, tss1+0x68+0x41
        .irp limit, 0x67, 0x68, 0xa7, 0xa8, 0xa9, 0xaa, 0xeb
        movw $\limit, gdt+0x28
        andb $0xfd, gdt+0x2d
        mov $0x28, %eax
        ltr %ax
        PORT 0x200, inb %dx,%al
        PORT 0x207, inb %dx,%al
        PORT 0x208, inb %dx,%al
        PORT 0x20e, inb %dx,%al
        PORT 0x20e, inw %dx,%ax
        PORT 0x20f, inb %dx,%al
        PORT 0x20c, inl %dx,%eax
        PORT 0x20b, inl %dx,%eax
        PORT 0x210, inl %dx,%eax
        PORT 0x21f, inb %dx,%al
        PORT 0x21f, inw %dx,%ax
        PORT 0x1ff, inw %dx,%ax
        PORT 0x1fe, inw %dx,%ax
        call nl
        .endr
        movw $0x67, gdt+0x28
        andb $0xfd, gdt+0x2d
        mov $0x28, %eax
        ltr %ax
        ret

        # ---- virtual-8086 mode: code at 0700:0010, stack 0600:0100
        .macro VM name, bytes:vararg
        .pushsection .rodata
96:     .byte \bytes
95:
        .popsection
        SAY "\name "
        mov $96b, %esi
        mov $95b-96b, %ecx
        call vmrun
        .endm
vmrun:  mov $0x7010, %edi
        rep movsb
        movb $0xcd, (%edi)
        movb $0x82, 1(%edi)
        movl $0x00020001, 0x6100
        movl $0x30000700, 0x6104
        movl $0, iopl
1:      BEGIN
        pushl $0x0400
        pushl $0x0500
        pushl $0x0300
        pushl $0x0200
        pushl $0x0600
        pushl $0x0100
        mov iopl, %eax
        or $0x20002, %eax
        push %eax
        pushl $0x0700
        pushl $0x0010
        mov $0x1234, %eax
        mov $0x200, %edx
        mov $2, %ecx
        mov $0x8000, %ebx
        iret
        END
        .irp f, f_eip, f_cs, f_fl, f_more, f_more+4, f_more+8, f_more+12, f_more+16, f_more+20, f_eax
        mov \f, %eax
        call hex32
        call sp
        .endr
        call nl
        addl $0x3000, iopl
        cmpl $0x3000, iopl
        jbe 1b
        ret
vm86:   SAY "-- vm86\n"
        VM nop, 0x90
        VM cli, 0xfa
        VM sti, 0xfb
        VM pushf, 0x9c, 0x58
        VM popf, 0x68, 0xff, 0xfe, 0x9d
        VM popfl, 0x66, 0x68, 0xff, 0xfe, 0xff, 0xff, 0x66, 0x9d
        VM iret, 0x68, 0xff, 0xfe, 0x0e, 0x68, 0x19, 0x00, 0xcf, 0x90
        VM int3, 0xcc
        VM int80, 0xcd, 0x80
        VM hlt, 0xf4
        VM movds, 0x8e, 0xd8
        VM movss, 0x8e, 0xd0
        VM movcs, 0x8e, 0xc8
        VM lar, 0x0f, 0x02, 0xc0
        VM verr, 0x0f, 0x00, 0xe0
        VM arpl, 0x63, 0xc0
        VM sldt, 0x0f, 0x00, 0xc0
        VM lldt, 0x0f, 0x00, 0xd0
        VM smsw, 0x0f, 0x01, 0xe0
        VM sgdt, 0x0f, 0x01, 0x06, 0x00, 0x10
        VM lgdt, 0x0f, 0x01, 0x16, 0x00, 0x10
        VM movcr0, 0x0f, 0x20, 0xc0
        VM in, 0xec
        VM limitw, 0xa1, 0xff, 0xff
        VM limitb, 0xa0, 0xff, 0xff
        VM addr32, 0x67, 0xa0, 0x00, 0x00, 0x01, 0x00
        VM les, 0xc4, 0x06, 0x10, 0x00
        VM farjmp, 0xea, 0x05, 0x00, 0x01, 0x07
        VM farcall, 0x9a, 0x15, 0x00, 0x00, 0x07
        VM retf, 0x68, 0x00, 0x07, 0x68, 0x17, 0x00, 0xcb
        VM pushdspopes, 0x1e, 0x07
        VM clts, 0x0f, 0x06
        ret

        # ---- tasks
tasks:  SAY "-- tasks\n"
        .macro TASK name, eip
        movl $\eip, tss2+32
        movl $2, tss2+36
        movl $stack2, tss2+56
        movl $0x11111111, tss2+40
        movl $0x23, tss2+72
        movl $8, tss2+76
        movl $0x10, tss2+80
        movl $0x23, tss2+84
        movl $0x23, tss2+88
        movl $0, tss2+92
        movl $0x30, tss2+96
        mov %cr3, %eax
        mov %eax, tss2+28
        mov %eax, tss1+28
        movl $0x30, tss1+96
        movb $0x89, gdt+0x3d
        SAY "\name "
        .endm
        .macro STATE
        pushf
        pop %eax
        call hex32
        call sp
        str %eax
        call hex32
        call sp
        sldt %eax
        call hex32
        call sp
        mov %cr0, %eax
        call hex32
        call sp
        mov gdt+0x2d, %al
        call hex8
        call sp
        mov gdt+0x3d, %al
        call hex8
        call sp
        mov tss2, %eax
        call hex16
        call sp
        mov tss2+36, %eax
        call hex32
        call sp
        mov tss1+36, %eax
        call hex32
        call sp
        mov %gs, %eax
        call hex32
        call sp
        .endm
        TASK call, 1f
        BEGIN
        lcall $0x38, $0
        jmp 2f
1:      STATE
        iret
2:      STATE
        END
        call nl
        clts
        TASK jmp, 1f
        BEGIN
        ljmp $0x38, $0
        jmp 2f
1:      STATE
        ljmp $0x28, $0
2:      STATE
        END
        call nl
        clts
        TASK int, 1f
        movl $0x380000, idt+8*0x84
        movl $0xe500, idt+8*0x84+4
        BEGIN
        int $0x84
        jmp 2f
1:      STATE
        iret
2:      STATE
        END
        call nl
        TASK gp, 1f
        movl idt+8*13, %ebp
        pushl idt+8*13
        pushl idt+8*13+4
        movl $0x380000, idt+8*13
        movl $0xe500, idt+8*13+4
        mov $0xfff8, %eax
        BEGIN
3:      mov %ax, %ds
        jmp 2f
1:      mov %esp, %ebx
        mov (%esp), %eax
        call hex32
        call sp
        mov %ebx, %eax
        call hex32
        call sp
        mov tss1+32, %eax
        sub $3b, %eax
        call hex32
        call sp
        addl $2, tss1+32
        pop %eax
        STATE
        iret
2:      STATE
        END
        popl idt+8*13+4
        popl idt+8*13
        call nl
        TASK busy, 0
        movb $0x8b, gdt+0x3d
        BEGIN
        ljmp $0x38, $0
        END
        BEGIN
        lcall $0x28, $0
        END
        movb $0x89, gdt+0x3d
        movw $0x66, gdt+0x38
        BEGIN
        ljmp $0x38, $0
        END
        movw $0x67, gdt+0x38
        movb $0x09, gdt+0x3d
        BEGIN
        ljmp $0x38, $0
        END
        movb $0x89, gdt+0x3d
        BEGIN
        ljmp $0x3b, $0
        END
        BEGIN
        pushl $0x4002
        popf
        movw $0x38, tss1
        iret
        END
        BEGIN
        pushl $0x4002
        popf
        movw $0x0, tss1
        iret
        END
        BEGIN
        pushl $0x4002
        popf
        movw $0x3c, tss1
        iret
        END
        pushl $2
        popf
        clts
        call nl
        ret

        # ---- page faults
        .macro ACCESS name, code:vararg
        call pgset
        BEGIN
        \code
        END
        mov pd+0x200*4, %eax
        and $0x60, %eax
        call hex8
        mov pt2, %eax
        and $0x60, %eax
        call hex8
        mov $'/', %al
        call putc
        mov f_cr2, %eax
        call hex32
        call sp
        .endm
pgset:  # pd[0x200], pt2[0] from access: bits 0-2 pde, 3-5 pte, 6 wp, 7 large
        mov access, %eax
        mov %eax, %ecx
        and $7, %ecx
        testl $0x80, access
        jnz 1f
        or $pt2, %ecx
        jmp 2f
1:      or $0x80, %ecx
2:      mov %ecx, pd+0x200*4
        shr $3, %eax
        and $7, %eax
        or $testpage, %eax
        mov %eax, pt2
        mov %cr0, %eax
        and $~0x10000, %eax
        testl $0x40, access
        jz 1f
        or $0x10000, %eax
1:      mov %eax, %cr0
        mov %cr3, %eax
        mov %eax, %cr3
        ret
paging: SAY "-- paging\n"
        mov $pt1, %edi
        xor %ecx, %ecx
1:      mov %ecx, %eax
        shl $12, %eax
        or $7, %eax
        stosl
        inc %ecx
        cmp $1024, %ecx
        jb 1b
        movl $pt1+7, pd
        mov $pd, %eax
        mov %eax, %cr3
        mov %cr4, %eax
        or $0x10, %eax
        mov %eax, %cr4
        mov %cr0, %eax
        or $0x80000000, %eax
        mov %eax, %cr0
        movl $0, access
1:      mov access, %eax
        call hex8
        call sp
        movl $0, f_cr2
        xor %eax, %eax
        mov %eax, %cr2
        ACCESS sr, mov 0x80000123, %ecx
        ACCESS sw, movl $0, 0x80000123
        ACCESS srw, lock incl 0x80000123
        .irp op, r, w
        call pgset
        BEGIN
        DROP 3f
3:
        .ifc \op,r
        mov 0x80000ffe, %ecx
        .else
        movl $0, 0x80000123
        .endif
        int $0x82
        END
        mov pd+0x200*4, %eax
        and $0x60, %eax
        call hex8
        mov pt2, %eax
        and $0x60, %eax
        call hex8
        mov $'/', %al
        call putc
        mov f_cr2, %eax
        call hex32
        call sp
        .endr
        call nl
        incl access
        cmpl $256, access
        jb 1b
        mov %cr0, %eax
        and $0x7fffffff, %eax
        mov %eax, %cr0
        ret

        .section .rodata
digits: .ascii "0123456789abcdef"

        .data
        .balign 8
gdt:    .quad 0
        .quad 0x00cf9b000000ffff        # 08
        .quad 0x00cf93000000ffff        # 10
        .quad 0x00cffb000000ffff        # 18
        .quad 0x00cff3000000ffff        # 20
        .quad 0, 0, 0                   # 28 TSS, 30 LDT, 38 TSS2
        .quad 0                         # 40 under test
        .quad 0                         # 48
        .quad 0x00cfbb000000ffff        # 50 code 1
        .quad 0x00cfb3000000ffff        # 58 data 1
        .quad 0x00cfd3000000ffff        # 60 data 2
        .quad 0                         # 68
gate70: .word 0, 0x50, 0xec02, 0
gdtend:
        .word 0
gdtr:   .word gdtend-gdt-1
        .long gdt
        .word 0
idtr:   .word 0x7ff
        .long idt
gates:  .long 1<<4|1<<5|1<<6|1<<7|1<<12|1<<14|1<<15
        .balign 4
limittab:
        .long 0x00000fff, 0x0040f300
        .long 0x00000fff, 0x0000f300
        .long 0x00000fff, 0x0040f700
        .long 0x00000fff, 0x0000f700
        .long 0x0000ffff, 0x0000f300
        .long 0x0000ffff, 0x0040f700
        .long 0x00000000, 0x00c0f300
        .long 0x00000000, 0x00c0f700
        .long 0x0000000f, 0x00c0f700
        .long 0x0000000f, 0x0080f700
        .long 0x0000ffff, 0x00cff300
        .long 0x0000ffff, 0x00cff700
        .long 0x00000000, 0x0040f300
limitend:
        .balign 8
ldt:    .fill 16, 8, 0
        .balign 4
tss1:   .long 0, istack, 0x10, stack1, 0x59, stack2r, 0x62
        .fill 104-28+4*40, 1, 0
tss2:   .fill 104, 1, 0
tss3:   .fill 104, 1, 0

        .bss
        .balign 4096
pd:     .skip 4096
pt1:    .skip 4096
pt2:    .skip 4096
testpage: .skip 4096
idt:    .skip 2048
f_vec:  .skip 4
f_err:  .skip 4
f_eip:  .skip 4
f_cs:   .skip 4
f_fl:   .skip 4
f_more: .skip 24
f_eax:  .skip 4
f_ebx:  .skip 4
f_edx:  .skip 4
f_cr2:  .skip 4
f_top:  .skip 20
h_esp:  .skip 4
h_ring: .skip 4
resume: .skip 4
access: .skip 4
iopl:   .skip 4
buffer: .skip 16
        .balign 16
        .skip 4096
stack0: .skip 4096
istack: .skip 4096
stack1: .skip 4096
stack2: .skip 4096
stack2r: .skip 4096
stack3: .skip 64
