package lguest.machine;

import lguest.device.Device;
import lguest.device.Leftover;

/** Has come to a guest what came to another, at the same places. */
final class Player extends Side {
    /** The next one of what came. */
    private int next;
    private Input.Registers found;
    private boolean came;

    /** @param next how much of what came has come to the guest already */
    Player(Guest guest, History history, int next, Count now, Count before) {
        super(guest, history, now, before);
        this.next = next;
        end();
    }

    /** A limit that ends at the present, too. */
    Limit most(Limit limit) {
        long left = history.end().nanos() - guest.nanos();
        return new Limit(limit.instructions(), Math.min(limit.guestNanos(), left), limit.hostNanos(), limit.until());
    }

    /** Whether it is as late as the present. */
    boolean late() {
        return guest.nanos() >= history.end().nanos();
    }

    boolean atEnd() {
        return late() && !behind();
    }

    /** Whether something has still to happen that takes no time: an interrupt, say. */
    boolean behind() {
        Place here = place(Place.Kind.BETWEEN);
        Place end = history.end();
        return here.instructions() == end.instructions() && here.nanos() == end.nanos()
            && (history.entry(next) != null || here.stage() < end.stage() || here.stage() == end.stage() && end.polled() && !here.polled());
    }

    private void come(Place.Kind kind, Leftover left) {
        History.Entry entry = history.entry(next);
        if (entry == null || entry.place().instructions() > cpu.instructions) {
            return;
        }
        // Something that came may be a reason to try interrupts again, which makes it another place.
        while (entry != null && entry.place().equals(place(kind))) {
            next++;
            came = true;
            entry.input().into(guest, left);
            entry = history.entry(next);
        }
        if (entry != null && entry.place().instructions() < cpu.instructions) {
            throw new IllegalStateException("the replay of guest " + guest.name() + " has gone astray: it is at " + place(kind)
                + ", and past " + entry.place() + ", where there was: " + entry.input());
        }
    }

    @Override
    boolean between() {
        int before = next;
        come(Place.Kind.BETWEEN, Leftover.NOTHING);
        return next != before;
    }

    @Override
    void meet(Place.Kind kind) {
        came = false;
        come(kind, Leftover.NOTHING);
    }

    @Override
    void part() {
        if (came) {
            passed();
        }
    }

    @Override
    public void call(Leftover left, Runnable code) {
        passed();
        come(Place.Kind.WITHIN, left);
    }

    @Override
    void visit(Runnable code) {
        code.run();
    }

    @Override
    void act(Input input) {
        throw changed(input.toString());
    }

    @Override
    public void bring(Device device, String what, Runnable code) {
        throw changed(what);
    }

    private IllegalStateException changed(String what) {
        return new IllegalStateException("guest " + guest.name() + " is in its past, where nothing can be changed (" + what
            + "): a fork of it lives on with what comes then");
    }

    @Override
    public void raised(int line) {
        throw new IllegalStateException("a device raises interrupt " + line + " in the past");
    }

    @Override
    void heldBack() {
        // A stop that is of now, and changes nothing.
    }

    @Override
    void begin() {
        if (!found.still(cpu)) {
            found.into(guest, Leftover.NOTHING);
            throw changed("registers");
        }
    }

    @Override
    void end() {
        found = Input.Registers.of(cpu);
    }

    @Override
    long nextInstructions() {
        History.Entry entry = history.entry(next);
        return entry == null ? Long.MAX_VALUE : entry.place().instructions();
    }

    @Override
    long nextNanos() {
        History.Entry entry = history.entry(next);
        return entry == null || entry.place().instructions() != cpu.instructions || entry.place().kind() != Place.Kind.BETWEEN
            ? Long.MAX_VALUE : entry.place().nanos();
    }

    @Override
    boolean expectsFault() {
        History.Entry entry = history.entry(next);
        return entry != null && entry.place().kind() == Place.Kind.DELIVERY;
    }

    @Override
    boolean past() {
        return true;
    }
}
