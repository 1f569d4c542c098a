package lguest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The sockets of the host behind a {@link UserNet}. A thread waits for all of them; whatever is to be done about one is done by
 * {@link #serve}, on the guest's thread.
 */
final class HostSockets implements AutoCloseable {
    private final Runnable arrived;
    private final Queue<SelectionKey> ready = new ConcurrentLinkedQueue<>();
    private Selector selector;

    /** @param arrived called on the thread that waits, when there is something to {@link #serve} */
    HostSockets(Runnable arrived) {
        this.arrived = arrived;
    }

    /** @param action what to do, each time that one of the operations is possible that were {@linkplain #want asked for} */
    SelectionKey register(SelectableChannel channel, Runnable action) throws IOException {
        if (selector == null) {
            selector = Selector.open();
            Thread thread = new Thread(this::select, "usernet sockets");
            thread.setDaemon(true);
            thread.start();
        }
        channel.configureBlocking(false);
        return channel.register(selector, 0, action);
    }

    /** Asks for an operation, once. */
    void want(SelectionKey key, int operation) {
        if (key.isValid()) {
            key.interestOpsOr(operation);
            selector.wakeup();
        }
    }

    private void select() {
        try {
            while (selector.isOpen()) {
                selector.select(this::isReady);
                if (!ready.isEmpty()) {
                    arrived.run();
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (ClosedSelectorException closing) {
            // close() was called meanwhile.
            return;
        }
    }

    private void isReady(SelectionKey key) {
        try {
            key.interestOpsAnd(~key.readyOps());
            ready.add(key);
        } catch (CancelledKeyException closed) {
            // On the guest's thread, just now: there is nothing to be done about it any more.
            return;
        }
    }

    /** Any thread. */
    boolean pending() {
        return !ready.isEmpty();
    }

    void serve() {
        for (SelectionKey key; (key = ready.poll()) != null;) {
            ((Runnable) key.attachment()).run();
        }
    }

    /** Closes all of them; once more does nothing. */
    @Override
    public void close() {
        if (selector == null || !selector.isOpen()) {
            return;
        }
        try {
            for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
    }
}
