package lguest.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lguest.device.BlockDisk;
import lguest.device.Console;
import lguest.device.Device;
import lguest.device.ScriptedDevice;
import lguest.probe.Event;

/**
 * What came to a guest from outside since a certain moment, each at its place, and some moments to go on from: enough to see the guest
 * again as it was at any time since. A guest that is not told anything else does the same again.
 *
 * <p>Moments share memory with the guest and each other: of each, only what was written until the next is kept. There are at most
 * {@value #MOST_MOMENTS}, the closer to each other the later they are; what came is kept to the end.
 */
public final class History {
    /** Instructions from moment to moment: what a step backwards executes again at most, while it is not long ago. */
    static final long PERIOD = 10_000_000;
    static final int MOST_MOMENTS = 32;

    /** Something that came. */
    record Entry(Place place, Input input) {
    }

    /**
     * A moment to go on from.
     *
     * @param next how much had come before
     * @param now as {@link Side} counts, and so is {@code before}
     * @param arrived slots of devices that something has arrived at which they have not been asked about yet
     */
    private record Moment(Snapshot guest, long instructions, int next, Side.Count now, Side.Count before, BitSet arrived) {
    }

    private final Guest guest;
    private final long period;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private Place end;
    private volatile long dueAt;

    private History(Guest guest, long period) {
        this.guest = guest;
        this.period = period;
    }

    /** Begins one. The guest stands still. @throws IllegalStateException if something can come in that cannot be remembered */
    static History of(Guest guest, long period) {
        String why = obstacle(guest);
        if (why != null) {
            throw new IllegalStateException("guest " + guest.name() + " cannot be remembered: " + why);
        }
        History history = new History(guest, period);
        Recorder recorder = new Recorder(guest, history);
        guest.outside().side(recorder);
        history.keep(recorder.now(), recorder.before());
        recorder.settle();
        return history;
    }

    private static String obstacle(Guest guest) {
        if (guest.past()) {
            return "it is in its past; a fork of it can be";
        }
        if (guest.config().time() == GuestConfig.TimeKind.HOST) {
            return "it goes by the host's time, which never comes again; say time virtual";
        }
        if (!guest.config().pages().isEmpty()) {
            return "it has pages that are devices, and what is read there is not remembered";
        }
        for (Device device : guest.bus().devices()) {
            if (device instanceof BlockDisk disk) {
                if (disk.mode().writes()) {
                    return "it writes to disk '" + disk.name() + "', which would not be again as it was; say readOnly or snapshot";
                }
            } else if (!(device instanceof Console || device instanceof ScriptedDevice)) {
                return "it has a network card, and its frames are not remembered";
            }
        }
        return null;
    }

    /** Nothing more is remembered, and nothing of it can be seen again. */
    public void close() {
        guest.whilePaused(() -> {
            guest.physical().watchWrites(null);
            guest.outside().side(null);
        });
    }

    // ---- writing

    synchronized void note(Place place, Input input) {
        entries.add(new Entry(place, input));
    }

    /** The guest has got here. */
    synchronized void reached(Place place) {
        end = place;
    }

    /** The count of instructions at which {@link #keep} is called again. */
    long dueAt() {
        return dueAt;
    }

    synchronized void keep(Side.Count now, Side.Count before) {
        BitSet arrived = new BitSet();
        List<Device> devices = guest.bus().devices();
        for (int slot = 0; slot < devices.size(); slot++) {
            arrived.set(slot, devices.get(slot).inputArrived());
        }
        moments.add(new Moment(Snapshot.kept(guest), guest.instructions(), entries.size(), now, before, arrived));
        dueAt = guest.instructions() + period;
        if (moments.size() > MOST_MOMENTS) {
            thinOut();
        }
    }

    /** Drops the moment that is missed least: neighbours are close to each other for something so long ago. */
    private void thinOut() {
        int least = 1;
        for (int i = 2; i < moments.size() - 1; i++) {
            if (gap(i) < gap(least)) {
                least = i;
            }
        }
        Moment dropped = moments.remove(least);
        moments.get(0).guest().memory().survive(dropped.guest().memory());
    }

    private double gap(int i) {
        double age = guest.instructions() - moments.get(i).instructions() + period;
        return (moments.get(i + 1).instructions() - moments.get(i - 1).instructions()) / age;
    }

    // ---- reading

    /** @return null behind the last */
    synchronized Entry entry(int number) {
        return number < entries.size() ? entries.get(number) : null;
    }

    /** The present, as far as it has been looked at. */
    synchronized Place end() {
        return end;
    }

    private void settle() {
        guest.whilePaused(() -> {
            if (guest.outside().side() instanceof Recorder recorder) {
                recorder.settle();
            }
        });
    }

    /** The count of instructions at which it begins. */
    public long first() {
        return moments.get(0).instructions();
    }

    /** The count of instructions of the present. Waits for the end of a run. */
    public long last() {
        settle();
        return end().instructions();
    }

    /** What came, in order, in words. Waits for the end of a run. */
    public List<String> inputs() {
        settle();
        synchronized (this) {
            return entries.stream().map(entry -> entry.place() + ": " + entry.input()).toList();
        }
    }

    /** Counts of instructions of the moments that are kept. */
    public synchronized List<Long> moments() {
        return moments.stream().map(Moment::instructions).toList();
    }

    /**
     * The guest as it was as soon as so many instructions were executed, before anything came in then; the last count is the present,
     * with all that came, and even if the guest has slept since. It follows what has been as far as the present, prints to nobody, and
     * takes nothing from outside; a fork of it does. To be closed.
     *
     * @throws IllegalArgumentException if that is before the first or after the last
     */
    public Guest at(long instructions) {
        long last = last();
        if (instructions < first() || instructions > last) {
            throw new IllegalArgumentException("instruction " + instructions + " of guest " + guest.name() + ": it is remembered from "
                + first() + " to " + last);
        }
        Guest again = from(instructions);
        boolean there = false;
        try {
            Stop stop;
            Place before;
            do {
                before = again.place();
                stop = again.run(instructions == last ? Limit.none() : Limit.instructions(instructions - again.instructions()));
                if (instructions == last && stop.kind() == Stop.Kind.LIMIT && before.equals(again.place())) {
                    throw new IllegalStateException("the replay of guest " + guest.name() + " has gone astray: it stays at " + before
                        + ", and the present is " + end());
                }
            } while (stop.alive() && stop.kind() != Stop.Kind.PRESENT && (instructions == last || again.instructions() < instructions));
            again.passBreakpoint();
            there = true;
            return again;
        } finally {
            if (!there) {
                again.close();
            }
        }
    }

    /** As {@link #at}, at the nearest moment before that is kept; the first if there is none. */
    Guest from(long instructions) {
        Moment moment;
        synchronized (this) {
            // One at that very count may be later than what came in there.
            moment = moments.stream().filter(it -> it.instructions() < instructions).reduce((a, b) -> b).orElse(moments.get(0));
        }
        Map<String, Device> dummies = new LinkedHashMap<>();
        for (Device device : guest.bus().devices()) {
            if (device instanceof ScriptedDevice scripted) {
                dummies.put(scripted.name(), scripted.dummy());
            }
        }
        GuestConfig config = moment.guest().config(guest.name(), dummies, moment.guest().disks().stream().map(Path::of).toList())
            .engine(guest.config().engine()).warnings(line -> { });
        Guest again = Guest.restore(config, moment.guest());
        moment.arrived().stream().forEach(slot -> again.bus().devices().get(slot).arrived());
        again.outside().side(new Player(again, this, moment.next(), moment.now(), moment.before()));
        return again;
    }

    /** Where something happened last. @param stop what it looked like */
    public record Found(long instructions, Stop stop) {
    }

    /**
     * Looks for the last stop before a count of instructions.
     *
     * @param watching adds STOP probes to a guest that is going to be at that count; may be called for several
     * @return where the instruction that it happened in is about to be executed, or the event about to happen; null if it did not happen
     */
    public Found lastBefore(long instructions, Consumer<Guest> watching) {
        settle();
        long until = instructions;
        while (until > first()) {
            // Of one that fails here it is told where it is: it is not closed.
            Guest again = from(until);
            long from = again.instructions();
            watching.accept(again);
            Found found = lastBetween(again, until);
            again.close();
            if (found != null) {
                return found;
            }
            until = from;
        }
        return null;
    }

    private static Found lastBetween(Guest again, long until) {
        Found found = null;
        while (true) {
            Stop stop = again.run(Limit.instructions(until - again.instructions()));
            if (stop.kind() == Stop.Kind.FAILED) {
                throw new IllegalStateException(stop.reason(), stop.failure());
            }
            if (stop.kind() != Stop.Kind.BREAKPOINT) {
                return found;
            }
            long at = again.instructions() - (isAfter(stop.probe().event()) ? 1 : 0);
            if (at < until && at >= 0) {
                found = new Found(at, stop);
            }
        }
    }

    /** Whether the instruction has been executed when a probe stops there. */
    private static boolean isAfter(Event event) {
        return event instanceof Event.AccessEvent || event instanceof Event.Act || event instanceof Event.ExitEvent;
    }
}
