package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.mem.LinearMemory;

/** What a task switch keeps in a TSS and takes from another; the layouts are drawn at {@link Tss}. */
final class TaskState {
    /** ES, CS, SS, DS, FS, GS, and the LDT's. */
    final int[] selectors = new int[7];
    final int[] regs = new int[8];
    int eip;
    int eflags;
    int cr3;
    /** T: #DB as soon as the task goes on. */
    boolean traps;

    private TaskState() {
    }

    /** The processor's present state. CR3 and the LDT's selector are the task's for good and are not saved. */
    static TaskState of(CpuState cpu) {
        TaskState state = new TaskState();
        System.arraycopy(cpu.regs, 0, state.regs, 0, state.regs.length);
        for (int number = Segment.ES; number <= Segment.GS; number++) {
            state.selectors[number] = cpu.segments[number].selector;
        }
        state.eip = cpu.eip;
        state.eflags = cpu.eflags();
        return state;
    }

    /** What a TSS holds; a 16-bit one leaves the upper halves of registers all ones, and FS and GS null. */
    static TaskState read(LinearMemory mem, Segment tss) {
        return Tss.wide(tss.access) ? read32(mem, tss.base) : read16(mem, tss.base);
    }

    private static TaskState read32(LinearMemory mem, int base) {
        TaskState state = new TaskState();
        state.cr3 = mem.systemRead32(base + 28);
        state.eip = mem.systemRead32(base + 32);
        state.eflags = mem.systemRead32(base + 36);
        for (int i = 0; i < 8; i++) {
            state.regs[i] = mem.systemRead32(base + 40 + 4 * i);
        }
        for (int i = 0; i < 7; i++) {
            state.selectors[i] = mem.systemRead32(base + 72 + 4 * i) & 0xFFFF;
        }
        state.traps = (mem.systemRead32(base + 100) & 1) != 0;
        return state;
    }

    private static TaskState read16(LinearMemory mem, int base) {
        TaskState state = new TaskState();
        state.eip = Tss.read16(mem, base + 14);
        state.eflags = Tss.read16(mem, base + 16);
        for (int i = 0; i < 8; i++) {
            state.regs[i] = Tss.read16(mem, base + 18 + 2 * i) | 0xFFFF0000;
        }
        for (int i = 0; i < 4; i++) {
            state.selectors[i] = Tss.read16(mem, base + 34 + 2 * i);
        }
        state.selectors[6] = Tss.read16(mem, base + 42);
        return state;
    }

    /** Raises now what {@link #write} would raise. */
    static void touch(LinearMemory mem, Segment tss) {
        mem.systemTouch(tss.base);
        // The second byte of the last selector that is saved.
        mem.systemTouch(tss.base + (Tss.wide(tss.access) ? 93 : 41));
    }

    void write(LinearMemory mem, Segment tss) {
        if (Tss.wide(tss.access)) {
            write32(mem, tss.base);
        } else {
            write16(mem, tss.base);
        }
    }

    private void write32(LinearMemory mem, int base) {
        mem.systemWrite32(base + 32, eip);
        mem.systemWrite32(base + 36, eflags);
        for (int i = 0; i < 8; i++) {
            mem.systemWrite32(base + 40 + 4 * i, regs[i]);
        }
        for (int i = 0; i < 6; i++) {
            Tss.write16(mem, base + 72 + 4 * i, selectors[i]);
        }
    }

    private void write16(LinearMemory mem, int base) {
        Tss.write16(mem, base + 14, eip);
        Tss.write16(mem, base + 16, eflags);
        for (int i = 0; i < 8; i++) {
            Tss.write16(mem, base + 18 + 2 * i, regs[i]);
        }
        for (int i = 0; i < 4; i++) {
            Tss.write16(mem, base + 34 + 2 * i, selectors[i]);
        }
    }
}
