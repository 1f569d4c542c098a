package lguest.sem;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.GuestKilled;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/** Interrupts and exceptions through the guest's own IDT (SDM vol. 3A "Interrupt and Exception Handling"). */
public final class Delivery {
    /** In an error code: the event came from outside the program; the index is that of an IDT gate. */
    private static final int EXT = 1;
    private static final int IDT = 2;

    /** Bit n: vector n is contributory, and may turn a fault before it into a double fault. */
    private static final int CONTRIBUTORY = 1 << Vector.DE | 1 << Vector.TS | 1 << Vector.NP | 1 << Vector.SS | 1 << Vector.GP;
    /** Bit n: vector n is a fault, so that EFLAGS is pushed with RF. */
    private static final int FAULTS = CONTRIBUTORY | 1 << Vector.BR | 1 << Vector.UD | 1 << Vector.NM | 1 << Vector.PF
        | 1 << Vector.MF | 1 << Vector.AC | 1 << Vector.XM;

    private Delivery() {
    }

    /**
     * Takes the processor to a handler. CS:EIP to return to is the present one: the faulting instruction for a fault, the next
     * for a trap, an interrupt or INT n. What faults on the way is delivered instead, as the SDM's table of double faults has it;
     * after a software interrupt that did, EIP is {@link CpuState#leaveEip}, the instruction's own.
     *
     * @param hasError whether {@code errorCode} goes to the handler
     * @param software INT n, INT3, INTO: the gate's DPL must admit CPL
     * @param external an interrupt from outside; neither means an exception
     * @throws GuestKilled "triple fault at ..." if the double fault cannot be delivered either; EIP is where it began
     */
    public static void deliver(CpuState cpu, LinearMemory mem, int vector, int errorCode, boolean hasError, boolean software,
        boolean external) {
        Event event = new Event(vector, errorCode, hasError, software, external);
        while (event != null) {
            event = attempt(cpu, mem, event);
        }
        cpu.interruptShadow = false;
        cpu.debugShadow = false;
    }

    /**
     * INT n through an interrupt or trap gate of protected mode, if nothing is in the way.
     *
     * @return false if it would fault, takes a task switch, or somebody watches memory and is to hear of each access once: nothing has
     *     happened that {@link #deliver} will not do
     */
    public static boolean software(CpuState cpu, LinearMemory mem, int vector) {
        boolean delivered = KnownTransfers.interrupt(cpu, mem, vector) || unknown(cpu, mem, vector);
        cpu.interruptShadow &= !delivered;
        return delivered;
    }

    private static boolean unknown(CpuState cpu, LinearMemory mem, int vector) {
        if (!Segments.segmented(cpu) || mem.isWatched()) {
            return false;
        }
        try {
            return throughIdt(cpu, mem, new Event(vector, 0, false, true, false), false);
        } catch (CpuFault another) {
            return false;
        }
    }

    private record Event(int vector, int errorCode, boolean hasError, boolean software, boolean external) {
        boolean exception() {
            return !software && !external;
        }

        boolean is(int vectors) {
            return exception() && vector < 32 && (vectors >>> vector & 1) != 0;
        }

        int ext() {
            return software ? 0 : EXT;
        }
    }

    /** Returns what is to be delivered instead, or null when the handler has been reached. */
    private static Event attempt(CpuState cpu, LinearMemory mem, Event event) {
        try {
            if (cpu.protectedMode()) {
                throughIdt(cpu, mem, event, true);
            } else {
                throughRealTable(cpu, mem, event);
            }
            return null;
        } catch (CpuFault fault) {
            if (event.software) {
                cpu.eip = cpu.leaveEip;
            }
            return instead(cpu, event, fault);
        }
    }

    private static Event instead(CpuState cpu, Event first, CpuFault second) {
        if (first.exception() && first.vector == Vector.DF) {
            throw new GuestKilled("triple fault at %#010x: %s while #DF was delivered", cpu.eip, second.getMessage());
        }
        boolean contributory = (CONTRIBUTORY >>> second.vector() & 1) != 0;
        boolean doubled = first.is(CONTRIBUTORY) && contributory
            || first.is(1 << Vector.PF) && (contributory || second.vector() == Vector.PF);
        if (doubled) {
            return new Event(Vector.DF, 0, true, false, false);
        }
        int ext = contributory ? first.ext() : 0;
        return new Event(second.vector(), second.errorCode() | ext, Vector.hasErrorCode(second.vector()), false, false);
    }

    // ---- protected mode

    /** @return false if it takes a task switch and must not */
    private static boolean throughIdt(CpuState cpu, LinearMemory mem, Event event, boolean switches) {
        int at = event.vector * 8;
        int gateError = at | IDT;
        if (Integer.compareUnsigned(at + 7, cpu.idtLimit) > 0) {
            throw cpu.fault(Vector.GP, gateError);
        }
        long descriptor = mem.systemRead64(cpu.idtBase + at);
        int low = Descriptors.low(descriptor);
        int high = Descriptors.high(descriptor);
        boolean gate = Descriptors.system(high) && switch (Descriptors.type(high)) {
            case Descriptors.TASK_GATE, Descriptors.INTERRUPT_GATE_16, Descriptors.TRAP_GATE_16, Descriptors.INTERRUPT_GATE_32,
                Descriptors.TRAP_GATE_32 -> true;
            default -> false;
        };
        if (!gate || event.software && Descriptors.dpl(high) < cpu.cpl) {
            throw cpu.fault(Vector.GP, gateError);
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, gateError);
        }
        if (Descriptors.type(high) != Descriptors.TASK_GATE) {
            toHandler(cpu, mem, event, low, high);
        } else if (switches) {
            toTask(cpu, mem, event, Descriptors.gateSelector(low));
        } else {
            return false;
        }
        return true;
    }

    private static void toTask(CpuState cpu, LinearMemory mem, Event event, int selector) {
        Tasks.jumpOrCall(cpu, mem, selector, true);
        if (event.hasError) {
            StackCursor stack = StackCursor.current(cpu, mem);
            stack.push(event.errorCode, Tss.wide(cpu.tr.access) ? 32 : 16);
            stack.commit();
        }
    }

    private static void toHandler(CpuState cpu, LinearMemory mem, Event event, int low, int high) {
        int selector = Descriptors.gateSelector(low);
        int eip = Descriptors.gateOffset(low, high);
        int bits = (Descriptors.type(high) & Descriptors.WIDE) != 0 ? 32 : 16;
        boolean interruptGate = (Descriptors.type(high) & 1) == 0;

        Segment code = CodeSegments.gated(cpu, selector);
        boolean virtual8086 = Segments.virtual8086(cpu);
        int dpl = code.dpl();
        boolean inward = !Descriptors.conforming(code.access) && dpl < cpu.cpl;
        if (virtual8086 && !(inward && dpl == 0)) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        int cpl = inward ? dpl : cpu.cpl;
        CodeSegments.checkLimit(cpu, code.limit, eip);
        StackCursor stack = inward ? Tss.innerStack(cpu, mem, cpl) : StackCursor.current(cpu, mem);
        int words = 3 + (inward ? 2 : 0) + (virtual8086 ? 4 : 0) + (event.hasError ? 1 : 0);
        stack.reserve(words * (bits / 8), cpl);

        Frame old = Frame.of(cpu, event.is(FAULTS));
        CodeSegments.enter(cpu, mem, code, cpl, eip);
        if (virtual8086) {
            for (int number : new int[] {Segment.GS, Segment.FS, Segment.DS, Segment.ES}) {
                stack.push(cpu.segments[number].selector, bits);
                cpu.segments[number].loadNull(0);
            }
        }
        if (inward) {
            stack.push(old.ss, bits);
            stack.push(old.esp, bits);
        }
        stack.push(old.eflags, bits);
        stack.push(old.cs, bits);
        stack.push(old.eip, bits);
        if (event.hasError) {
            stack.push(event.errorCode, bits);
        }
        stack.commit();
        cpu.eflagsRest &= ~(Eflags.TF | Eflags.NT | Eflags.RF | Eflags.VM | (interruptGate ? Eflags.IF : 0));
    }

    /** What a handler finds on its stack of the interrupted program. */
    private record Frame(int ss, int esp, int eflags, int cs, int eip) {
        static Frame of(CpuState cpu, boolean resume) {
            return new Frame(cpu.segments[Segment.SS].selector, cpu.regs[CpuState.ESP], cpu.eflags() | (resume ? Eflags.RF : 0),
                cpu.segments[Segment.CS].selector, cpu.eip);
        }
    }

    // ---- real mode

    /** Four bytes per vector, no error codes, no gates. SDM vol. 3B "Interrupt and Exception Handling" in real-address mode. */
    private static void throughRealTable(CpuState cpu, LinearMemory mem, Event event) {
        int at = event.vector * 4;
        if (Integer.compareUnsigned(at + 3, cpu.idtLimit) > 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        int target = mem.systemRead32(cpu.idtBase + at);
        CodeSegments.checkLimit(cpu, cpu.segments[Segment.CS].limit, target & 0xFFFF);
        StackCursor stack = StackCursor.current(cpu, mem);
        stack.reserve(6, cpu.cpl);
        stack.push(cpu.eflags(), 16);
        stack.push(cpu.segments[Segment.CS].selector, 16);
        stack.push(cpu.eip, 16);
        stack.commit();
        Segments.loadReal(cpu, Segment.CS, target >>> 16);
        cpu.eip = target & 0xFFFF;
        cpu.eflagsRest &= ~(Eflags.TF | Eflags.IF | Eflags.RF | Eflags.AC);
    }
}
