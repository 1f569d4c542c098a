package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Far transfers: JMP, CALL, RET and IRET between segments, privilege levels, tasks and modes (SDM vol. 2 "JMP", "CALL", "RET",
 * "IRET/IRETD"; vol. 3A "Call Gates"). Everything that can fault is asked first; then the transfer happens as a whole.
 */
public final class Far {
    private static final int VIRTUAL_8086_LIMIT = 0xFFFF;

    private Far() {
    }

    // ---- JMP and CALL

    /** JMP ptr16:16/32. */
    @Semantics
    public static void jmp(CpuState cpu, LinearMemory mem, int selector, int target, int next, int operandBits) {
        transfer(cpu, mem, selector, target, next, operandBits, false);
    }

    /** JMP m16:16/32. */
    @Semantics
    public static void jmpMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int next, int operandBits,
            int addressBits) {
        transferMemory(cpu, mem, segment, offset, next, operandBits, addressBits, false);
    }

    /** CALL ptr16:16/32. */
    @Semantics
    public static void call(CpuState cpu, LinearMemory mem, int selector, int target, int next, int operandBits) {
        transfer(cpu, mem, selector, target, next, operandBits, true);
    }

    /** CALL m16:16/32. */
    @Semantics
    public static void callMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int next, int operandBits,
            int addressBits) {
        transferMemory(cpu, mem, segment, offset, next, operandBits, addressBits, true);
    }

    private static void transferMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int next, int bits,
            int addressBits, boolean call) {
        int target = mem.read(segment, offset, bits);
        int selector = mem.read16(segment, Flags.cut(offset + bits / 8, addressBits));
        transfer(cpu, mem, selector, target, next, bits, call);
    }

    private static void transfer(CpuState cpu, LinearMemory mem, int selector, int target, int next, int bits, boolean call) {
        int eip = bits == 32 ? target : target & 0xFFFF;
        if (!Segments.segmented(cpu)) {
            transferReal(cpu, mem, selector, eip, next, bits, call);
            return;
        }
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(Vector.GP, 0);
        }
        long descriptor = Descriptors.find(cpu, selector, Vector.GP);
        int high = Descriptors.high(descriptor);
        if (!Descriptors.system(high)) {
            Segment code = CodeSegments.direct(cpu, selector, descriptor);
            toCode(cpu, mem, code, eip, next, bits, call);
            return;
        }
        if (Descriptors.dpl(high) < cpu.cpl || Descriptors.dpl(high) < (selector & 3)) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        switch (Descriptors.type(high)) {
            case Descriptors.CALL_GATE_16, Descriptors.CALL_GATE_32 -> throughGate(cpu, mem, selector, descriptor, next, call);
            case Descriptors.TASK_GATE -> Tasks.throughGate(cpu, mem, selector, descriptor, call);
            case Descriptors.TSS_16, Descriptors.TSS_32 -> Tasks.jumpOrCall(cpu, mem, selector, call);
            default -> throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
    }

    private static void transferReal(CpuState cpu, LinearMemory mem, int selector, int eip, int next, int bits, boolean call) {
        CodeSegments.checkLimit(cpu, Segments.virtual8086(cpu) ? VIRTUAL_8086_LIMIT : cpu.segments[Segment.CS].limit, eip);
        if (call) {
            pushReturn(cpu, mem, next, bits);
        }
        Segments.loadReal(cpu, Segment.CS, selector);
        cpu.eip = eip;
    }

    /** To a code segment at the same privilege level. */
    private static void toCode(CpuState cpu, LinearMemory mem, Segment code, int eip, int next, int bits,
            boolean call) {
        CodeSegments.checkLimit(cpu, code.limit, eip);
        if (call) {
            pushReturn(cpu, mem, next, bits);
        }
        CodeSegments.enter(cpu, mem, code, cpu.cpl, eip);
    }

    private static void pushReturn(CpuState cpu, LinearMemory mem, int next, int bits) {
        StackCursor stack = StackCursor.current(cpu, mem);
        stack.push(cpu.segments[Segment.CS].selector, bits);
        stack.push(next, bits);
        stack.commit();
    }

    /** Through a call gate, whose width is that of the return address; only CALL to nonconforming code moves inward. */
    private static void throughGate(CpuState cpu, LinearMemory mem, int selector, long gate, int next, boolean call) {
        if (!Descriptors.present(Descriptors.high(gate))) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        int bits = Descriptors.type(Descriptors.high(gate)) == Descriptors.CALL_GATE_32 ? 32 : 16;
        int eip = Descriptors.gateOffset(Descriptors.low(gate), Descriptors.high(gate));
        int target = Descriptors.gateSelector(Descriptors.low(gate));
        Segment code = CodeSegments.gated(cpu, target);
        boolean inward = !Descriptors.conforming(code.access) && code.dpl() < cpu.cpl;
        if (!inward) {
            toCode(cpu, mem, code, eip, next, bits, call);
        } else if (call) {
            inward(cpu, mem, code, eip, next, bits, Descriptors.high(gate) & 0x1F);
        } else {
            throw cpu.fault(Vector.GP, Descriptors.error(target));
        }
    }

    /** CALL to an inner level: its stack receives the old SS:ESP, the gate's count of parameters, and the return address. */
    private static void inward(CpuState cpu, LinearMemory mem, Segment code, int eip, int next, int bits,
            int parameters) {
        int cpl = code.dpl();
        CodeSegments.checkLimit(cpu, code.limit, eip);
        StackCursor inner = Tss.innerStack(cpu, mem, cpl);
        StackCursor outer = StackCursor.current(cpu, mem);
        int[] copied = new int[parameters];
        for (int i = 0; i < parameters; i++) {
            copied[i] = outer.pop(bits);
        }
        inner.reserve((4 + parameters) * (bits / 8), cpl);
        int oldSs = cpu.segments[Segment.SS].selector;
        int oldEsp = cpu.regs[CpuState.ESP];
        int oldCs = cpu.segments[Segment.CS].selector;
        CodeSegments.enter(cpu, mem, code, cpl, eip);
        inner.push(oldSs, bits);
        inner.push(oldEsp, bits);
        for (int i = parameters - 1; i >= 0; i--) {
            inner.push(copied[i], bits);
        }
        inner.push(oldCs, bits);
        inner.push(next, bits);
        inner.commit();
    }

    // ---- RET and IRET

    /** RETF. */
    @Semantics
    public static void ret(CpuState cpu, LinearMemory mem, int operandBits) {
        retImmediate(cpu, mem, 0, operandBits);
    }

    /** RETF imm16: frees {@code release} bytes of parameters, from the outer stack, too, when it returns there. */
    @Semantics
    public static void retImmediate(CpuState cpu, LinearMemory mem, int release, int operandBits) {
        StackCursor stack = StackCursor.current(cpu, mem);
        int eip = stack.pop(operandBits);
        int selector = stack.popSelector(operandBits);
        if (!Segments.segmented(cpu)) {
            CodeSegments.checkLimit(cpu, cpu.segments[Segment.CS].limit, eip);
            stack.skip(release);
            stack.commit();
            Segments.loadReal(cpu, Segment.CS, selector);
            cpu.eip = eip;
            return;
        }
        Segment code = CodeSegments.returned(cpu, selector);
        CodeSegments.checkLimit(cpu, code.limit, eip);
        stack.skip(release);
        if ((selector & 3) == cpu.cpl) {
            stack.commit();
            CodeSegments.enter(cpu, mem, code, cpu.cpl, eip);
        } else {
            int esp = stack.pop(operandBits);
            int ss = stack.popSelector(operandBits);
            outward(cpu, mem, code, eip, ss, esp + release);
        }
    }

    /**
     * IRET: back to the same or an outer privilege level, to virtual-8086 mode, or, with NT, to the task that called this one.
     * What it may change in EFLAGS is {@link Sys#setFlags}'s business.
     */
    @Semantics
    public static void iret(CpuState cpu, LinearMemory mem, int operandBits) {
        if (operandBits == 32 && KnownTransfers.iret(cpu, mem)) {
            return;
        }
        Sys.virtual8086Privilege(cpu);
        boolean segmented = Segments.segmented(cpu);
        if (segmented && (cpu.eflagsRest & Eflags.NT) != 0) {
            Tasks.back(cpu, mem);
            return;
        }
        StackCursor stack = StackCursor.current(cpu, mem);
        int eip = stack.pop(operandBits);
        int selector = stack.popSelector(operandBits);
        int flags = stack.pop(operandBits);
        if (!segmented) {
            CodeSegments.checkLimit(cpu, cpu.segments[Segment.CS].limit, eip);
            stack.commit();
            Segments.loadReal(cpu, Segment.CS, selector);
            Sys.setFlags(cpu, flags, operandBits);
            cpu.eip = eip;
        } else if (cpu.cpl == 0 && operandBits == 32 && (flags & Eflags.VM) != 0) {
            toVirtual8086(cpu, mem, stack, selector, eip, flags);
        } else {
            iretProtected(cpu, mem, stack, selector, eip, flags, operandBits);
        }
    }

    private static void iretProtected(CpuState cpu, LinearMemory mem, StackCursor stack, int selector, int eip, int flags,
            int bits) {
        Segment code = CodeSegments.returned(cpu, selector);
        CodeSegments.checkLimit(cpu, code.limit, eip);
        int cpl = cpu.cpl;
        if ((selector & 3) == cpl) {
            stack.commit();
            CodeSegments.enter(cpu, mem, code, cpl, eip);
        } else {
            int esp = stack.pop(bits);
            int ss = stack.popSelector(bits);
            outward(cpu, mem, code, eip, ss, esp);
        }
        Sys.setFlags(cpu, flags, bits, cpl);
    }

    /** To an outer privilege level: its stack, and no data segment that it could not have loaded itself. */
    private static void outward(CpuState cpu, LinearMemory mem, Segment code, int eip, int ss, int esp) {
        int cpl = code.selector & 3;
        cpu.segments[Segment.SS].load(Segments.stack(cpu, ss, cpl, Vector.GP));
        CodeSegments.enter(cpu, mem, code, cpl, eip);
        cpu.setReg(CpuState.ESP, esp, cpu.segments[Segment.SS].big() ? 32 : 16);
        takeAway(cpu, cpl);
    }

    /** Data segments that a privilege level could not have loaded itself. */
    static void takeAway(CpuState cpu, int cpl) {
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            Segment segment = cpu.segments[number];
            boolean data = number != Segment.CS && number != Segment.SS && !segment.isNull();
            if (data && segment.dpl() < cpl && !Descriptors.conforming(segment.access)) {
                takeAway(cpu, segment);
            }
        }
    }

    private static void takeAway(CpuState cpu, Segment segment) {
        if (cpu.descriptorTables.keepsDataReachable()) {
            segment.selector = 0;
        } else {
            segment.loadNull(0);
        }
    }

    private static void toVirtual8086(CpuState cpu, LinearMemory mem, StackCursor stack, int cs, int eip, int flags) {
        int esp = stack.pop(32);
        int[] selectors = new int[6];
        selectors[Segment.CS] = cs;
        selectors[Segment.SS] = stack.popSelector(32);
        selectors[Segment.ES] = stack.popSelector(32);
        selectors[Segment.DS] = stack.popSelector(32);
        selectors[Segment.FS] = stack.popSelector(32);
        selectors[Segment.GS] = stack.popSelector(32);
        CodeSegments.checkLimit(cpu, VIRTUAL_8086_LIMIT, eip);
        cpu.setEflags(flags);
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            Segments.loadReal(cpu, number, selectors[number]);
        }
        cpu.regs[CpuState.ESP] = esp;
        cpu.eip = eip;
        mem.setCpl(3);
    }
}
