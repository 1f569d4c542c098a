package lguest.interp;

import lguest.cpu.CpuState;
import lguest.emit.Op;
import lguest.mem.LinearMemory;

/** Stands where an instruction was overwritten: sends the interpreter back to decode what is there now. */
final class Overwritten extends Op {
    private static final Signal SIGNAL = new Signal();

    Overwritten(Op replaced) {
        at = replaced.at;
        after = replaced.after;
    }

    @Override
    public void run(CpuState cpu, LinearMemory mem) {
        throw SIGNAL;
    }

    /** Not a fault of the guest: nothing has happened to it. */
    static final class Signal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Signal() {
            super(null, null, false, false);
        }
    }
}
