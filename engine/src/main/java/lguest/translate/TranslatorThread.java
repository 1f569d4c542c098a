package lguest.translate;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread on which code of all guests is translated. It ends when it has had nothing to do for a while. */
public final class TranslatorThread {
    private static final int MAX_WAITING = 256;
    private static final int IDLE_SECONDS = 5;
    private static final Executor EXECUTOR = start();

    private TranslatorThread() {
    }

    /** Rejects work when too much is waiting. */
    public static Executor executor() {
        return EXECUTOR;
    }

    private static Executor start() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
            work -> {
                Thread thread = new Thread(work, "lguest-translator");
                thread.setDaemon(true);
                return thread;
            });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
