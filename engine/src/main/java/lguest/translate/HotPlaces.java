package lguest.translate;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import lguest.mem.PhysicalMemory;

/**
 * Which places of a page were worth a translation in earlier runs. Pages are known by their content: where the same is executed again,
 * what was worth it is translated sooner, with all that was executed of it before, and the rest later. Nothing but that depends on it,
 * so the file can be deleted at any time; without one everything is found hot anew. Any thread.
 */
public final class HotPlaces {
    /** Remembers nothing. */
    public static final HotPlaces NONE = new HotPlaces(null);

    private static final int MAGIC = 0x6C67_6802;
    /** Those that were longest of no use go first. */
    private static final int MAX_PAGES = 4096;
    private static final int OFFSET_WORDS = PhysicalMemory.PAGE_BYTES / Long.SIZE;

    /**
     * What was found out about a page, by offset.
     *
     * @param entries where regions began that were worth it
     * @param starts where blocks did
     * @param indirect where indirect jumps led
     * @param before an earlier run knew it: what was not worth it then is not likely to be so now
     */
    public record Page(BitSet entries, BitSet starts, BitSet indirect, boolean before) {
        private Page() {
            this(new BitSet(), new BitSet(), new BitSet(), false);
        }

        private Page copy() {
            return new Page((BitSet) entries.clone(), (BitSet) starts.clone(), (BitSet) indirect.clone(), before);
        }
    }

    /** Null if nothing is kept. */
    private final Path file;
    private final Map<Long, Page> pages = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Page> eldest) {
            return size() > MAX_PAGES;
        }
    };
    private boolean changed;
    private final AtomicBoolean opened = new AtomicBoolean();

    /** @param file where it is kept from run to run; null to remember nothing */
    public HotPlaces(Path file) {
        this.file = file;
    }

    /** {@code $XDG_CACHE_HOME/lguest/hot-places}, by default in {@code ~/.cache}; to be opened by whoever translates. */
    static HotPlaces ofUser() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path caches = home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return caches.isAbsolute() ? new HotPlaces(caches.resolve("lguest").resolve("hot-places")) : NONE;
    }

    /** Has the file read in the background, and written when the JVM ends. Once is enough. */
    public void open() {
        if (file == null || opened.getAndSet(true)) {
            return;
        }
        Thread reader = new Thread(this::load, "lguest-hot-places");
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::save));
    }

    /** Whether anything is remembered. */
    public boolean remembers() {
        return file != null;
    }

    /** What tells the content of a page from that of others. */
    public static long key(byte[] page) {
        long hash = MAGIC;
        LongBuffer words = ByteBuffer.wrap(page).asLongBuffer();
        while (words.hasRemaining()) {
            hash = (hash ^ words.get()) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    /** What is known of a page; null if that is nothing. */
    public synchronized Page of(long key) {
        Page page = pages.get(key);
        return page == null ? null : page.copy();
    }

    /** A page has been executed, and regions made of it: those that are not noted were not worth it. */
    public synchronized void met(long key) {
        if (file != null && !pages.containsKey(key)) {
            pages.put(key, new Page());
            changed = true;
        }
    }

    /** A region has been made of a page, and that was worth it. */
    public synchronized void note(long key, Source source) {
        if (file == null || source.secondPage() >= 0) {
            return;
        }
        Page page = pages.computeIfAbsent(key, unknown -> new Page());
        if (!page.entries.get(source.entry())) {
            page.entries.set(source.entry());
            changed = true;
        }
        page.starts.or(source.starts());
        page.indirect.or(source.indirect());
    }

    /** Adds what is in the file, if that can be read; what is known already is left alone. */
    public void load() {
        Map<Long, Page> read = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            if (in.readInt() != MAGIC) {
                return;
            }
            for (int left = Math.min(in.readInt(), MAX_PAGES); left > 0; left--) {
                read.put(in.readLong(), new Page(bits(in), bits(in), bits(in), true));
            }
            // Has the checksum compared.
            if (in.read() >= 0) {
                return;
            }
        } catch (IOException notThereOrSpoilt) {
            return;
        }
        synchronized (this) {
            read.forEach(pages::putIfAbsent);
        }
    }

    /** Writes the file, if there is something new. */
    public void save() {
        Map<Long, Page> all;
        synchronized (this) {
            if (!changed) {
                return;
            }
            changed = false;
            all = new LinkedHashMap<>();
            pages.forEach((key, page) -> all.put(key, page.copy()));
        }
        try {
            Files.createDirectories(file.getParent());
            Path made = Files.createTempFile(file.getParent(), "hot", ".tmp");
            try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(made)))) {
                out.writeInt(MAGIC);
                out.writeInt(all.size());
                for (Map.Entry<Long, Page> entry : all.entrySet()) {
                    out.writeLong(entry.getKey());
                    bits(out, entry.getValue().entries);
                    bits(out, entry.getValue().starts);
                    bits(out, entry.getValue().indirect);
                }
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException readOnlyOrFull) {
            // The next run starts as this one did.
            return;
        }
    }

    private static BitSet bits(DataInputStream in) throws IOException {
        long[] words = new long[in.readUnsignedByte()];
        if (words.length > OFFSET_WORDS) {
            throw new IOException(words.length + " words of offsets");
        }
        for (int i = 0; i < words.length; i++) {
            words[i] = in.readLong();
        }
        return BitSet.valueOf(words);
    }

    private static void bits(DataOutputStream out, BitSet bits) throws IOException {
        long[] words = bits.toLongArray();
        out.writeByte(words.length);
        for (long word : words) {
            out.writeLong(word);
        }
    }
}
