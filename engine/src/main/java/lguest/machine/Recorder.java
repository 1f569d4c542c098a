package lguest.machine;

import java.util.Arrays;
import lguest.device.Device;
import lguest.device.Leftover;
import lguest.probe.ProbeFailure;

/** Writes down what comes to a guest from outside. */
final class Recorder extends Side {
    private Place.Kind kind = Place.Kind.BETWEEN;
    /** Registers as they were when somebody was let in; null while nobody is. */
    private Input.Registers found;
    private boolean noted;
    /** What the code that is being called may change: that is noted when it is done. */
    private Leftover called;

    Recorder(Guest guest, History history) {
        super(guest, history, Count.NONE, Count.NONE);
        end();
    }

    private void note(Input input) {
        noted = true;
        history.note(place(kind), input);
    }

    // ---- who is let in

    private void open() {
        found = Input.Registers.of(cpu);
        guest.physical().watchWrites(this::written);
    }

    private void close() {
        guest.physical().watchWrites(null);
        if (!found.still(cpu)) {
            note(Input.Registers.of(cpu));
        }
        found = null;
    }

    private void written(int physical, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        guest.physical().look(physical, bytes, 0, lengthBytes);
        note(new Input.Written(physical, bytes));
    }

    @Override
    void begin() {
        close();
    }

    @Override
    void end() {
        kind = Place.Kind.BETWEEN;
        if (found == null) {
            open();
        }
    }

    /** As if a run began and ended here, so that all is noted that was done so far. */
    void settle() {
        if (found != null) {
            close();
            open();
        }
        history.reached(place(Place.Kind.BETWEEN));
    }

    @Override
    public void call(Leftover left, Runnable code) {
        passed();
        kind = Place.Kind.WITHIN;
        if (code == NOBODY) {
            return;
        }
        byte[] before = bytes(left);
        called = left;
        try {
            visit(code);
        } finally {
            called = null;
        }
        byte[] after = bytes(left);
        if (!Arrays.equals(before, after)) {
            note(new Input.Left(after));
        }
    }

    @Override
    void visit(Runnable code) {
        boolean outermost = found == null;
        if (outermost) {
            open();
        }
        try {
            code.run();
        } catch (ProbeFailure failed) {
            if (outermost && kind != Place.Kind.BETWEEN) {
                note(new Input.Failed());
            }
            throw failed;
        } finally {
            if (outermost) {
                close();
            }
        }
    }

    @Override
    void act(Input input) {
        Place here = place(kind);
        boolean open = found != null;
        guest.physical().watchWrites(null);
        try {
            input.into(guest, Leftover.NOTHING);
            noted = true;
            history.note(here, input);
        } finally {
            guest.physical().watchWrites(open ? this::written : null);
        }
    }

    @Override
    public void raised(int line) {
        if (found != null) {
            note(new Input.Raised(line, false));
        }
    }

    @Override
    public void bring(Device device, String what, Runnable code) {
        guest.soon(() -> {
            code.run();
            if (device != called) {
                note(new Input.Brought(guest.bus().devices().indexOf(device), what, bytes(device)));
            }
        });
    }

    // ---- where the guest is

    @Override
    boolean between() {
        kind = Place.Kind.BETWEEN;
        if (cpu.instructions >= history.dueAt()) {
            history.keep(now(), before());
        }
        return false;
    }

    @Override
    void meet(Place.Kind newKind) {
        kind = newKind;
        noted = false;
    }

    @Override
    void part() {
        if (noted) {
            passed();
        }
    }

    @Override
    void heldBack() {
        note(new Input.HeldBack());
    }

    @Override
    long nextInstructions() {
        return Long.MAX_VALUE;
    }

    @Override
    long nextNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    boolean expectsFault() {
        return false;
    }

    @Override
    boolean past() {
        return false;
    }
}
