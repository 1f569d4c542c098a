package lguest.host;

import java.util.function.IntConsumer;

/** Watches the Host at work. Every hook does nothing unless overridden. */
public interface HostObserver {
    HostObserver NONE = new HostObserver() {
        @Override
        public boolean watchesTraps() {
            return false;
        }
    };

    /**
     * A call is about to be made; EIP is at its instruction unless it comes from the ring. Whoever throws from here
     * keeps it so: the call will be made again.
     *
     * @return false to swallow it: {@link Hypercall#result} is what the guest gets instead
     */
    default boolean before(Hypercall call) {
        return true;
    }

    /** The call was made. Not called for those that {@link #before} swallowed or that killed the guest. */
    default void after(Hypercall call) {
    }

    /**
     * The guest's kernel reads or writes an I/O port, where nothing answers.
     *
     * @param value what it writes, or all ones, cut to {@code bits}
     * @param complete is to be called once, with what it reads: ends the instruction
     */
    default void port(int port, int value, int bits, boolean write, IntConsumer complete) {
        complete.accept(value);
    }

    /** Interrupt line 0 to 31 is about to be delivered. */
    default void injected(int line) {
    }

    /** Whether {@link #reflected} must be told; asked before each trap that need not go through the Host. */
    default boolean watchesTraps() {
        return true;
    }

    /**
     * A trap is about to be delivered to the guest's handler, directly or by reflection; the processor's state is still
     * that of the trap, EIP at the instruction. Whoever throws from here keeps it so: the instruction will trap again.
     *
     * @param error the error code, 0 for vectors that have none
     */
    default void reflected(int vector, int error) {
    }
}
