package lguest.dsl.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.machine.Limit;
import lguest.machine.Stop;

/**
 * Each guest runs on a thread of its own while somebody types. Whoever wants to look at a guest stops it for as long as that
 * takes.
 */
public final class Background implements Conductor {
    /** How often a guest that has not come back is asked again, and a waiting condition looked at. */
    private static final long ASK_MILLIS = 5;

    private final Listener listener;
    private final Map<Guest, Track> tracks = new HashMap<>();
    private volatile boolean interrupted;

    /** @param listener called on the guest's thread; what it throws is lost */
    public Background(Listener listener) {
        this.listener = listener;
    }

    /** A guest and the thread that runs it. */
    private final class Track implements Runnable {
        private final Guest guest;
        private boolean wanted;
        private boolean running;
        /** The listener is being told how a run has ended. */
        private boolean telling;
        private boolean closed;
        private int lookers;
        private final Thread thread;

        Track(Guest guest) {
            this.guest = guest;
            thread = new Thread(this, "guest " + guest.name());
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void run() {
            while (true) {
                synchronized (this) {
                    while (!closed && (!wanted || lookers > 0)) {
                        sleep(0);
                    }
                    if (closed) {
                        return;
                    }
                    running = true;
                }
                Stop stop = null;
                try {
                    stop = guest.run(Limit.none());
                } finally {
                    over(stop);
                }
            }
        }

        private void over(Stop stop) {
            boolean forGood;
            synchronized (this) {
                running = false;
                telling = true;
                forGood = stop == null || stop.kind() != Stop.Kind.PAUSED;
                if (forGood) {
                    wanted = false;
                }
                notifyAll();
            }
            try {
                if (stop != null) {
                    listener.stopped(guest, stop);
                }
            } finally {
                synchronized (this) {
                    telling = false;
                    notifyAll();
                }
            }
        }

        /** Whether a run has ended, and not all has been said about that. */
        synchronized boolean ending() {
            return telling || running && guest.state() != Guest.State.RUNNING;
        }

        synchronized void want(boolean now) {
            wanted = now;
            notifyAll();
        }

        synchronized boolean wanted() {
            return wanted;
        }

        /** Holds the guest still for some work. Its own thread, in a hook, is still by nature. */
        <T> T look(Supplier<T> work) {
            if (Thread.currentThread() == thread) {
                return work.get();
            }
            synchronized (this) {
                lookers++;
                while (running) {
                    // A pause that comes before the run has properly begun is lost, so it is repeated.
                    guest.pause();
                    sleep(ASK_MILLIS);
                }
            }
            try {
                return work.get();
            } finally {
                synchronized (this) {
                    lookers--;
                    notifyAll();
                }
            }
        }

        synchronized void close() {
            closed = true;
            guest.pause();
            notifyAll();
        }

        private void sleep(long millis) {
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ScriptFailure("interrupted");
            }
        }
    }

    private synchronized Track track(Guest guest) {
        return tracks.computeIfAbsent(guest, Track::new);
    }

    @Override
    public void boot(Guest guest) {
        track(guest).want(true);
    }

    @Override
    public boolean runs(Guest guest) {
        return track(guest).wanted();
    }

    @Override
    public void pause(Guest guest) {
        Track track = track(guest);
        track.want(false);
        track.look(() -> null);
    }

    @Override
    public Stop run(Guest guest, Limit limit) {
        if (limit.equals(Limit.none())) {
            boot(guest);
            return null;
        }
        return alone(guest, limit);
    }

    @Override
    public Stop step(Guest guest, long instructions) {
        return alone(guest, Limit.instructions(instructions).until(guest::sleepsForEver));
    }

    private Stop alone(Guest guest, Limit limit) {
        Track track = track(guest);
        if (Thread.currentThread() == track.thread) {
            throw new ScriptFailure("guest " + guest.name() + " is running: a hook cannot wait for guests");
        }
        interrupted = false;
        track.want(false);
        Stop stop = track.look(() -> guest.run(limit.until(() -> interrupted || limit.until().getAsBoolean())));
        throwIfInterrupted();
        listener.stopped(guest, stop);
        return stop;
    }

    @Override
    public Outcome await(BooleanSupplier condition, Duration timeout) {
        if (inRun()) {
            throw new ScriptFailure("a hook cannot wait for guests");
        }
        interrupted = false;
        long deadline = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            throwIfInterrupted();
            if (nothingRuns() && !ending()) {
                return condition.getAsBoolean() ? Outcome.TRUE : Outcome.NOTHING_RUNS;
            }
            if (deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0) {
                return Outcome.TIMED_OUT;
            }
            breathe();
        }
        // What a guest says when it stops comes before what is said by who waited for that.
        while (ending()) {
            breathe();
        }
        return Outcome.TRUE;
    }

    @Override
    public synchronized boolean inRun() {
        return tracks.values().stream().anyMatch(track -> Thread.currentThread() == track.thread);
    }

    private synchronized void breathe() {
        try {
            TimeUnit.MILLISECONDS.timedWait(this, ASK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ScriptFailure("interrupted");
        }
    }

    private synchronized boolean ending() {
        return tracks.values().stream().anyMatch(Track::ending);
    }

    private synchronized boolean nothingRuns() {
        return tracks.values().stream().noneMatch(Track::wanted);
    }

    private void throwIfInterrupted() {
        if (interrupted) {
            interrupted = false;
            throw new ScriptFailure("interrupted");
        }
    }

    @Override
    public <T> T look(Guest guest, Supplier<T> work) {
        return track(guest).look(work);
    }

    @Override
    public void forget(Guest guest) {
        Track track;
        synchronized (this) {
            track = tracks.remove(guest);
        }
        if (track != null) {
            track.want(false);
            track.look(() -> null);
            track.close();
        }
    }

    @Override
    public void interrupt() {
        interrupted = true;
    }

    @Override
    public synchronized void close() {
        tracks.values().forEach(Track::close);
    }
}
