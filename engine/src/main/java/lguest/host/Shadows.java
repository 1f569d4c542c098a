package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Which page directories the Host knows, and which entries of each the guest has used since it last flushed them.
 * lguest kept a shadow directory for each of the last four; we translate from the guest's own tables and need no
 * shadows, but what was shadowed decides when the Host looks at a directory or a value again, and so what kills.
 */
final class Shadows {
    private static final int DIRECTORIES = 4;
    private static final int WORDS = 1024 / 64;

    private final int[] directory = new int[DIRECTORIES];
    private final long[][] used = new long[DIRECTORIES][WORDS];
    private int known = 1;
    private int current;

    Shadows(int initialDirectory) {
        directory[0] = initialDirectory;
    }

    /** Physical address of the directory in force. */
    int current() {
        return directory[current];
    }

    /**
     * Makes a directory the one in force.
     *
     * @param userEntries how many entries are below PAGE_OFFSET: only those differ between directories
     * @return whether the Host starts with an empty shadow for it
     */
    boolean switchTo(int newDirectory, int userEntries) {
        for (int i = 0; i < known; i++) {
            if (directory[i] == newDirectory) {
                current = i;
                return false;
            }
        }
        boolean blank = known < DIRECTORIES;
        if (blank) {
            current = known++;
        } else {
            current = (current + 1) % DIRECTORIES;
            forget(userEntries);
        }
        directory[current] = newDirectory;
        return blank;
    }

    /** Notes that a directory entry of the current directory was used. */
    void use(int index) {
        used[current][index >>> 6] |= 1L << index;
    }

    /** Forgets the first entries of the current directory. */
    void forget(int entries) {
        long[] words = used[current];
        Arrays.fill(words, 0, entries >>> 6, 0);
        words[entries >>> 6] &= -1L << entries;
    }

    /** Forgets all entries of all directories. */
    void forgetAll() {
        for (int i = 0; i < known; i++) {
            Arrays.fill(used[i], 0);
        }
    }

    /** Forgets one entry of a directory, if it is known. */
    void forget(int ofDirectory, int index) {
        for (int i = 0; i < known; i++) {
            if (directory[i] == ofDirectory) {
                used[i][index >>> 6] &= ~(1L << index);
            }
        }
    }

    /** Whether an entry of this directory is in use. */
    boolean inUse(int ofDirectory, int index) {
        for (int i = 0; i < known; i++) {
            if (directory[i] == ofDirectory) {
                return inUseIn(i, index);
            }
        }
        return false;
    }

    /** Whether an entry is in use in any directory. */
    boolean inUseAnywhere(int index) {
        for (int i = 0; i < known; i++) {
            if (inUseIn(i, index)) {
                return true;
            }
        }
        return false;
    }

    private boolean inUseIn(int i, int index) {
        return (used[i][index >>> 6] >>> index & 1) != 0;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(known);
        out.writeInt(current);
        for (int i = 0; i < DIRECTORIES; i++) {
            out.writeInt(directory[i]);
            for (long word : used[i]) {
                out.writeLong(word);
            }
        }
    }

    void load(DataInput in) throws IOException {
        known = Math.min(DIRECTORIES, Math.max(1, in.readInt()));
        current = Math.floorMod(in.readInt(), known);
        for (int i = 0; i < DIRECTORIES; i++) {
            directory[i] = in.readInt();
            for (int word = 0; word < WORDS; word++) {
                used[i][word] = in.readLong();
            }
        }
    }
}
