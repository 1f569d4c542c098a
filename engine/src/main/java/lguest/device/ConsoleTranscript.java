package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers what a console printed, and passes it on. Positions count bytes from the first one ever printed. Up to
 * {@link #LIMIT_BYTES} everything is kept; beyond, the oldest half is forgotten, and {@link #start} says where memory begins.
 *
 * <p>Any thread may look while the guest prints. Text is UTF-8; what is not, reads as U+FFFD.
 */
public final class ConsoleTranscript implements OutputSink {
    /** Bytes of console output that are remembered at most, unless another limit is given: 16 MiB. */
    public static final int LIMIT_BYTES = 16 << 20;

    /**
     * What {@link #find} found.
     *
     * @param from position of the first byte
     * @param to position behind the last byte: where to go on looking
     * @param groups the whole match, then the pattern's groups, null for one that took no part
     */
    public record Found(long from, long to, List<String> groups) {
        public String text() {
            return groups.get(0);
        }
    }

    private final OutputSink next;
    private final int limitBytes;
    private byte[] kept = new byte[1024];
    private int keptBytes;
    private long start;
    private Runnable listener = () -> { };

    /** @param next also gets everything */
    public ConsoleTranscript(OutputSink next) {
        this(next, LIMIT_BYTES);
    }

    public ConsoleTranscript(OutputSink next, int limitBytes) {
        if (limitBytes < 2) {
            throw new IllegalArgumentException("a transcript of " + limitBytes + " bytes");
        }
        this.next = next;
        this.limitBytes = limitBytes;
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
        remember(bytes, offset, lengthBytes);
        next.write(bytes, offset, lengthBytes);
    }

    @Override
    public void flush() throws IOException {
        next.flush();
        Runnable told;
        synchronized (this) {
            notifyAll();
            told = listener;
        }
        told.run();
    }

    /** Called on the guest's thread after each message it printed. */
    public synchronized void onOutput(Runnable listener) {
        this.listener = listener;
    }

    private synchronized void remember(byte[] bytes, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes;) {
            if (keptBytes == limitBytes) {
                forget(Math.max(1, limitBytes / 2));
            }
            int chunk = Math.min(lengthBytes - done, limitBytes - keptBytes);
            if (keptBytes + chunk > kept.length) {
                kept = Arrays.copyOf(kept, (int) Math.min(limitBytes, Math.max(2L * kept.length, keptBytes + chunk)));
            }
            System.arraycopy(bytes, offset + done, kept, keptBytes, chunk);
            keptBytes += chunk;
            done += chunk;
        }
    }

    private void forget(int bytes) {
        System.arraycopy(kept, bytes, kept, 0, keptBytes - bytes);
        keptBytes -= bytes;
        start += bytes;
    }

    /** Position of the oldest byte still remembered: 0 until more than the limit was printed. */
    public synchronized long start() {
        return start;
    }

    /** Bytes ever printed: the position behind the last one. */
    public synchronized long end() {
        return start + keptBytes;
    }

    /** Everything remembered. */
    public String text() {
        return text(0);
    }

    /** @param from a position; text forgotten since then is missing */
    public synchronized String text(long from) {
        int first = index(from);
        return new String(kept, first, keptBytes - first, StandardCharsets.UTF_8);
    }

    /** The text line by line, the last one perhaps unfinished; carriage returns before a newline are not part of a line. */
    public List<String> lines() {
        return text().lines().toList();
    }

    public synchronized byte[] bytes(long from) {
        int first = index(from);
        return Arrays.copyOfRange(kept, first, keptBytes);
    }

    /** @param most bytes at once */
    public synchronized byte[] bytes(long from, int most) {
        int first = index(from);
        return Arrays.copyOfRange(kept, first, Math.min(keptBytes, first + most));
    }

    /** @return the first match at or after a position, or null */
    public Found find(Pattern pattern, long from) {
        long base;
        byte[] bytes;
        synchronized (this) {
            base = start + index(from);
            bytes = bytes(from);
        }
        Matcher matcher = pattern.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!matcher.find()) {
            return null;
        }
        String[] groups = new String[matcher.groupCount() + 1];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = matcher.group(i);
        }
        return new Found(base + bytesOf(bytes, matcher.start()), base + bytesOf(bytes, matcher.end()),
            Collections.unmodifiableList(Arrays.asList(groups)));
    }

    /**
     * Waits until something is printed past a position.
     *
     * @return whether something was
     */
    public synchronized boolean awaitBeyond(long position, long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (end() <= position) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /**
     * Waits until something is printed past a position, or somebody gives up and {@linkplain #wake wakes} who waits.
     *
     * @return whether something was
     */
    public synchronized boolean awaitBeyond(long position, BooleanSupplier givenUp) throws InterruptedException {
        while (end() <= position && !givenUp.getAsBoolean()) {
            wait();
        }
        return end() > position;
    }

    /** Lets those who wait have another look. */
    public synchronized void wake() {
        notifyAll();
    }

    private int index(long position) {
        return (int) Math.max(0, Math.min(position - start, keptBytes));
    }

    /** How many of the bytes make up so many characters. */
    private static int bytesOf(byte[] bytes, int characters) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
        decoder.decode(in, CharBuffer.allocate(characters), true);
        return in.position();
    }

    /** Writes what is remembered, for {@link #load}. */
    public synchronized void save(DataOutput out) throws IOException {
        out.writeLong(start);
        out.writeInt(keptBytes);
        out.write(kept, 0, keptBytes);
    }

    /** Remembers what another transcript did; nobody is told. */
    public synchronized void load(DataInput in) throws IOException {
        start = in.readLong();
        int bytes = in.readInt();
        if (bytes < 0 || bytes > limitBytes) {
            throw new IOException("a transcript of " + bytes + " bytes, may have " + limitBytes);
        }
        kept = new byte[Math.max(1024, bytes)];
        in.readFully(kept, 0, bytes);
        keptBytes = bytes;
    }
}
