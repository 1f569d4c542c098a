package lguest.interp;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;

/**
 * Answers what the processor cannot do itself in the midst of {@link Interpreter#run}. Nobody has to: what is not answered here ends the
 * run, and makes no difference but to how long it takes.
 */
public interface Exits {
    /** Answers nothing. */
    Exits NONE = new Exits() {
        @Override
        public boolean left() {
            return false;
        }

        @Override
        public boolean fault(CpuFault fault) {
            return false;
        }

        @Override
        public boolean goesOn() {
            return false;
        }
    };

    /** Does what {@link CpuState#leave} asks for. @return false if it has not been done */
    boolean left();

    /** The instruction at EIP has faulted: settles or delivers that. @return false if it has not been done */
    boolean fault(CpuFault fault);

    /** Called after either was done. @return whether the next instruction may be executed as if nothing had happened */
    boolean goesOn();
}
