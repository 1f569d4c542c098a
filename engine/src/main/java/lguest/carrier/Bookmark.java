package lguest.carrier;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import lguest.device.ConsoleTranscript;

/** How far what a console printed has been carried. What the transcript has forgotten before it was, is told as missing. */
final class Bookmark {
    private static final int CHUNK_BYTES = 4096;

    private final ConsoleTranscript transcript;
    private volatile long position;

    Bookmark(ConsoleTranscript transcript) {
        this.transcript = transcript;
    }

    /** Waits for more. @return whether there is some; there may be none once somebody has given up */
    boolean await(BooleanSupplier givenUp) throws InterruptedException {
        return transcript.awaitBeyond(position, givenUp);
    }

    /** Where a delivery gets its bytes to. */
    interface Delivery<E extends Exception> {
        void send(byte[] bytes) throws E;
    }

    /** Delivers what comes next. If that fails, the same comes next again. */
    <E extends Exception> void deliver(Delivery<E> to) throws E {
        long start = transcript.start();
        if (start > position) {
            to.send(("\r\n[lguest: " + (start - position) + " bytes are missing here]\r\n").getBytes(StandardCharsets.UTF_8));
            position = start;
        }
        byte[] chunk = transcript.bytes(position, CHUNK_BYTES);
        to.send(chunk);
        position += chunk.length;
    }
}
