package lguest.dsl.internal;

import java.io.Closeable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Threads that end with a failure nobody has caught: the session hears of it whose script has started them. */
public final class ScriptThreads {
    /** A session. */
    public interface Listener {
        /** On the thread that has failed. @return false if it is none of its script */
        boolean failed(Thread thread, Throwable thrown);
    }

    private static final List<Listener> LISTENERS = new CopyOnWriteArrayList<>();
    /** The last session of a thread, and of those that it has started since: to tell scripts of one name apart. */
    private static final InheritableThreadLocal<WeakReference<Listener>> STARTER = new InheritableThreadLocal<>();
    private static final Thread.UncaughtExceptionHandler OURS = ScriptThreads::failed;
    /** What hears of all others, as it would without any session; null for what the JVM does by itself. */
    private static volatile Thread.UncaughtExceptionHandler former;

    private ScriptThreads() {
    }

    /** On the thread that will run the script. @return closed when it is to hear no more */
    public static synchronized Closeable listen(Listener listener) {
        if (LISTENERS.isEmpty()) {
            former = Thread.getDefaultUncaughtExceptionHandler();
            Thread.setDefaultUncaughtExceptionHandler(OURS);
        }
        LISTENERS.add(listener);
        STARTER.set(new WeakReference<>(listener));
        return () -> forget(listener);
    }

    private static synchronized void forget(Listener listener) {
        if (LISTENERS.remove(listener) && LISTENERS.isEmpty() && Thread.getDefaultUncaughtExceptionHandler() == OURS) {
            Thread.setDefaultUncaughtExceptionHandler(former);
        }
    }

    /** On the thread that has failed. */
    private static void failed(Thread thread, Throwable thrown) {
        Listener starter = STARTER.get() == null ? null : STARTER.get().get();
        List<Listener> all = new ArrayList<>(LISTENERS);
        if (all.remove(starter)) {
            all.add(0, starter);
        }
        if (all.stream().noneMatch(listener -> listener.failed(thread, thrown))) {
            ofNoScript(thread, thrown);
        }
    }

    private static void ofNoScript(Thread thread, Throwable thrown) {
        Thread.UncaughtExceptionHandler other = former;
        if (other != null) {
            other.uncaughtException(thread, thrown);
        } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace();
        }
    }
}
