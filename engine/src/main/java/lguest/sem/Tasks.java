package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Task switches (SDM vol. 3A "Task Switching"), between 16-bit and 32-bit task states alike.
 *
 * <p>One departure from the processor: the new task's selectors are checked before the switch, so their faults are raised in the
 * old task, which nothing has touched, and not at the new task's first instruction.
 */
final class Tasks {
    private enum Kind { JUMP, CALL, RETURN }

    /** ES, CS, SS, DS, FS, GS of a task state, then its LDT. */
    private static final int LDT = 6;

    private Tasks() {
    }

    /** JMP or CALL through a task gate whose privilege has been checked. */
    static void throughGate(CpuState cpu, LinearMemory mem, int selector, long gate, boolean call) {
        if (!Descriptors.present(Descriptors.high(gate))) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        jumpOrCall(cpu, mem, Descriptors.gateSelector(Descriptors.low(gate)), call);
    }

    /** JMP or CALL to the task of an available TSS; an interrupt through a task gate is a call. */
    static void jumpOrCall(CpuState cpu, LinearMemory mem, int selector, boolean call) {
        switchTo(cpu, mem, selector, call ? Kind.CALL : Kind.JUMP, Vector.GP);
    }

    /** IRET with NT: to the busy task that the present one's link names. */
    static void back(CpuState cpu, LinearMemory mem) {
        if (cpu.tr.isNull()) {
            throw cpu.fault(Vector.TS, 0);
        }
        switchTo(cpu, mem, Tss.read16(mem, cpu.tr.base), Kind.RETURN, Vector.TS);
    }

    private static void switchTo(CpuState cpu, LinearMemory mem, int selector, Kind kind, int vector) {
        long descriptor = task(cpu, selector, kind, vector);
        Segment next = new Segment();
        next.load(selector, Descriptors.low(descriptor), Descriptors.high(descriptor) | Descriptors.BUSY);
        TaskState loaded = TaskState.read(mem, next);
        TaskState saved = TaskState.of(cpu);
        int cpl = (loaded.eflags & Eflags.VM) != 0 ? 3 : loaded.selectors[Segment.CS] & 3;
        Segment[] segments = segments(cpu, loaded, cpl);
        TaskState.touch(mem, cpu.tr);
        if (kind == Kind.CALL) {
            mem.systemTouch(next.base);
        }

        if (kind == Kind.RETURN) {
            saved.eflags &= ~Eflags.NT;
        }
        saved.write(mem, cpu.tr);
        if (kind == Kind.CALL) {
            loaded.eflags |= Eflags.NT;
            Tss.write16(mem, next.base, cpu.tr.selector);
        } else {
            setBusy(cpu, cpu.tr.selector, false);
        }
        if (kind != Kind.RETURN) {
            setBusy(cpu, selector, true);
        }
        cpu.tr.load(selector, Descriptors.low(descriptor), Descriptors.high(descriptor) | Descriptors.BUSY);
        resume(cpu, mem, loaded, segments, cpl, Tss.wide(next.access));
    }

    /** The descriptor of the task to switch to: in the GDT, a TSS, available or, to return to it, busy, present, long enough. */
    private static long task(CpuState cpu, int selector, Kind kind, int vector) {
        long descriptor = Segments.fromGdt(cpu, selector, vector);
        int high = Descriptors.high(descriptor);
        int type = Descriptors.type(high);
        boolean expected = kind == Kind.RETURN
            ? type == Descriptors.TSS_16_BUSY || type == Descriptors.TSS_32_BUSY
            : type == Descriptors.TSS_16 || type == Descriptors.TSS_32;
        if (Descriptors.isNull(selector) || !Descriptors.system(high) || !expected) {
            throw cpu.fault(vector, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        int last = Tss.wide(high) ? 0x67 : 0x2B;
        if (Integer.compareUnsigned(Segment.limit(Descriptors.low(descriptor), high), last) < 0) {
            throw cpu.fault(Vector.TS, Descriptors.error(selector));
        }
        return descriptor;
    }

    /** The new task's segment registers and, as the seventh, its LDTR, checked under the new LDT. */
    private static Segment[] segments(CpuState cpu, TaskState task, int cpl) {
        Segment[] loaded = new Segment[LDT + 1];
        for (int number = 0; number <= LDT; number++) {
            loaded[number] = new Segment();
            loaded[number].loadNull(task.selectors[number]);
        }
        loadLdt(cpu, loaded[LDT]);
        Segment old = new Segment();
        old.load(cpu.ldtr);
        cpu.ldtr.load(loaded[LDT]);
        try {
            if ((task.eflags & Eflags.VM) == 0) {
                loadProtected(cpu, task, loaded, cpl);
            }
        } finally {
            cpu.ldtr.load(old);
        }
        return loaded;
    }

    private static void loadLdt(CpuState cpu, Segment ldt) {
        int selector = ldt.selector;
        if (Descriptors.isNull(selector)) {
            return;
        }
        long descriptor = Segments.fromGdt(cpu, selector, Vector.TS);
        int high = Descriptors.high(descriptor);
        if (!Descriptors.system(high) || Descriptors.type(high) != Descriptors.LDT || !Descriptors.present(high)) {
            throw cpu.fault(Vector.TS, Descriptors.error(selector));
        }
        ldt.load(selector, Descriptors.low(descriptor), high);
    }

    private static void loadProtected(CpuState cpu, TaskState task, Segment[] loaded, int cpl) {
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            int selector = task.selectors[number];
            if (number == Segment.CS) {
                loaded[number].load(code(cpu, selector));
            } else if (number == Segment.SS) {
                loaded[number].load(Segments.stack(cpu, selector, cpl, Vector.TS));
            } else if (!Descriptors.isNull(selector)) {
                loaded[number].load(Segments.data(cpu, selector, cpl, Vector.TS));
            }
        }
        CodeSegments.checkLimit(cpu, loaded[Segment.CS].limit, task.eip);
    }

    private static Segment code(CpuState cpu, int selector) {
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(Vector.TS, 0);
        }
        long descriptor = Descriptors.find(cpu, selector, Vector.TS);
        int high = Descriptors.high(descriptor);
        if (!CodeSegments.fitsRpl(selector, high)) {
            throw cpu.fault(Vector.TS, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        long accessed = Descriptors.accessed(cpu, selector, descriptor);
        Segment segment = new Segment();
        segment.load(selector, Descriptors.low(accessed), Descriptors.high(accessed));
        return segment;
    }

    private static void resume(CpuState cpu, LinearMemory mem, TaskState task, Segment[] segments, int cpl, boolean wide) {
        cpu.cr0 |= CpuState.CR0_TS;
        if (wide && cpu.paging()) {
            cpu.cr3 = task.cr3;
            mem.flush();
        }
        System.arraycopy(task.regs, 0, cpu.regs, 0, task.regs.length);
        cpu.setEflags(task.eflags);
        cpu.eip = task.eip;
        debug(cpu, task);
        cpu.ldtr.load(segments[LDT]);
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            if (Segments.virtual8086(cpu)) {
                Segments.loadReal(cpu, number, task.selectors[number]);
            } else {
                cpu.segments[number].load(segments[number]);
            }
        }
        mem.setCpl(cpl);
    }

    /** Local breakpoints are the old task's; #DB before the new one's first instruction if its TSS has the T bit. */
    private static void debug(CpuState cpu, TaskState task) {
        cpu.dr[DebugRegisters.DR7] &= ~DebugRegisters.DR7_LOCAL;
        if (task.traps) {
            cpu.debugTrap |= DebugRegisters.DR6_BT;
        }
        cpu.leave(Leave.NONE);
    }

    private static void setBusy(CpuState cpu, int selector, boolean busy) {
        int high = Descriptors.high(Descriptors.find(cpu, selector, Vector.TS));
        cpu.descriptorTables.storeHigh(selector, busy ? high | Descriptors.BUSY : high & ~Descriptors.BUSY);
    }
}
