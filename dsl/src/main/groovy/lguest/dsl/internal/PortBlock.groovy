package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.PortSpec
import lguest.dsl.ScriptFailure
import lguest.machine.PortHandler

/** Turns the words of a port block into what answers there. */
@CompileStatic
final class PortBlock implements PortSpec, PortHandler {
    private static final int NOTHING = -1

    private final Owner owner
    private Closure<?> written
    private Closure<?> read

    PortBlock(Owner owner) {
        this.owner = owner
    }

    @Override
    void write(Closure<?> action) { written = Delegation.bound(action, this) }

    @Override
    void read(Closure<?> action) { read = Delegation.bound(action, this) }

    @Override
    void exit(Object value) {
        if (!(value instanceof Number)) {
            throw new ScriptFailure("exit ${value}: give a number")
        }
        owner.guest.engine.exit(((Number) value).intValue())
    }

    @Override
    int read(int port, int bits) {
        if (read == null) {
            return NOTHING
        }
        Object value = owner.guarded { read.maximumNumberOfParameters == 0 ? read.call() : read.call(bits) }
        value instanceof Number ? ((Number) value).intValue() : NOTHING
    }

    @Override
    void write(int port, int value, int bits) {
        if (written != null) {
            long unsigned = value & 0xFFFFFFFFL
            owner.guarded { written.maximumNumberOfParameters > 1 ? written.call(unsigned, bits) : written.call(unsigned) }
        }
    }
}
