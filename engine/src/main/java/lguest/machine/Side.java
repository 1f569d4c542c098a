package lguest.machine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import lguest.cpu.CpuState;
import lguest.device.Foreign;
import lguest.device.Leftover;

/** One of the two sides from which a history can be seen: from where it is written, or from where it is read. */
abstract class Side implements Foreign {
    /** How many things have happened at a count of instructions. */
    record Count(long instructions, int stage) {
        static final Count NONE = new Count(-1, 0);
    }

    final Guest guest;
    final CpuState cpu;
    final History history;
    /** The count now, and the one before: an instruction that is taken back goes back to that. */
    private Count now;
    private Count before;

    Side(Guest guest, History history, Count now, Count before) {
        this.guest = guest;
        this.history = history;
        this.cpu = guest.cpu();
        this.now = now;
        this.before = before;
    }

    Count now() {
        settle();
        return now;
    }

    Count before() {
        return before;
    }

    private void settle() {
        if (now.instructions() != cpu.instructions) {
            Count other = now;
            now = before.instructions() == cpu.instructions ? before : new Count(cpu.instructions, 0);
            before = other;
        }
    }

    /** Something has happened that is no instruction, and always happens here. */
    final void passed() {
        settle();
        now = new Count(now.instructions(), now.stage() + 1);
    }

    final Place place(Place.Kind kind) {
        settle();
        boolean between = kind == Place.Kind.BETWEEN;
        return new Place(kind, now.instructions(), now.stage(), between ? guest.nanos() : 0, between && guest.polled());
    }

    static byte[] bytes(Leftover left) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            left.save(new DataOutputStream(bytes));
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    /** The guest is between two instructions. @return whether something has come in */
    abstract boolean between();

    /** The guest has got to a place where something may come in, but where it would not be told of that if nobody watched. */
    abstract void meet(Place.Kind kind);

    /** The opposite of {@link #meet}. */
    abstract void part();

    /** Code of others is called where nothing follows from whether it is. */
    abstract void visit(Runnable code);

    /** Somebody does something to the guest, who stands still or is in {@link #call} or {@link #visit}. */
    abstract void act(Input input);

    /** Somebody stops the guest before a fault is delivered. */
    abstract void heldBack();

    /** Somebody is about to run the guest. */
    abstract void begin();

    /** The run is over. */
    abstract void end();

    /** The count of instructions where the run loop must look next; {@link Long#MAX_VALUE} if it is free to. */
    abstract long nextInstructions();

    /** The guest time where a sleeping guest must look next. */
    abstract long nextNanos();

    /** Whether the next fault must be told of, even if nobody watches. */
    abstract boolean expectsFault();

    /** Whether what happens has happened before. */
    abstract boolean past();
}
