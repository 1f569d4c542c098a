package lguest.interp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import lguest.translate.HotPlaces;
import lguest.translate.Misses;
import lguest.translate.Region;
import lguest.translate.Translation;

/** The blocks of one physical page, by the offset of their first byte. */
final class PageCode {
    final Block[] byOffset = new Block[4096];
    private final List<Block> blocks = new ArrayList<>();
    /** Bit set for bytes that belong to a block: most writes to pages that mix code and data miss them. */
    private final long[] codeBytes = new long[64];

    private final List<Translation> translations = new ArrayList<>();
    /** Offsets that indirect jumps have led to. */
    final BitSet indirectTargets = new BitSet();
    final Misses misses = new Misses();
    /** How often translations have been overwritten: the more often, the hotter code must be to be translated again. */
    int rewrites;
    /** Of its content when the first of it was decoded, for {@link HotPlaces}. */
    long key;
    /** Null if nothing is known. */
    HotPlaces.Page earlier;
    /** Something of it is being translated. */
    boolean pending;

    void add(Block block, int firstOffset, int lengthBytes) {
        blocks.add(block);
        for (int i = firstOffset; i < firstOffset + lengthBytes; i++) {
            codeBytes[i >> 6] |= 1L << i;
        }
    }

    /** Whether a region that began at an offset was worth it, in an earlier run or in this one. */
    boolean wasWorthwhile(int offset) {
        return earlier != null && earlier.entries().get(offset);
    }

    /** Whether an earlier run had a chance to find out what is worth a translation. */
    boolean knownBefore() {
        return earlier != null && earlier.before();
    }

    List<Translation> translations() {
        return translations;
    }

    /** Those that the byte at an offset belongs to. */
    List<Translation> covering(int offset) {
        return translations.stream().filter(it -> it.covers(offset, 1)).toList();
    }

    /** From now on the block at its entry is executed as a region. */
    void add(Translation translation) {
        translations.add(translation);
        long[] code = translation.code().toLongArray();
        for (int i = 0; i < Math.min(code.length, codeBytes.length); i++) {
            codeBytes[i] |= code[i];
        }
        Block block = byOffset[translation.source().entry()];
        if (block != null && translates(translation, block)) {
            block.region = translation.region();
        }
    }

    private static boolean translates(Translation translation, Block block) {
        return Mode.translates(block.mode) && translation.source().secondPage() == block.secondPage
            && translation.source().userMode() == ((block.mode & Mode.USER) != 0);
    }

    /** The region that begins where a block does; null if there is none. */
    Region region(Block block) {
        for (Translation translation : translations) {
            if (translation.source().entry() == (block.physical & 0xFFF) && translates(translation, block)) {
                return translation.region();
            }
        }
        return null;
    }

    /** The translation that one with the same entry takes the place of. */
    Optional<Translation> replaced(int entry, boolean userMode) {
        return translations.stream().filter(it -> it.source().entry() == entry && it.source().userMode() == userMode).findFirst();
    }

    void remove(Translation translation) {
        translation.region().retire();
        translations.remove(translation);
        Block block = byOffset[translation.source().entry()];
        if (block != null && block.region == translation.region()) {
            block.region = null;
        }
    }

    /** Whether any of these bytes has been decoded. */
    boolean covers(int offset, int lengthBytes) {
        for (int i = offset; i < offset + lengthBytes; i++) {
            if ((codeBytes[i >> 6] >>> i & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    List<Block> blocks() {
        return blocks;
    }

    boolean isEmpty() {
        return blocks.isEmpty() && translations.isEmpty();
    }

    /**
     * Forgets one block; bytes stay noted as code until the page is empty, which costs a little and is never wrong.
     *
     * @return whether it was here
     */
    boolean remove(Block block) {
        int offset = block.physical & 0xFFF;
        if (byOffset[offset] == block) {
            byOffset[offset] = null;
        }
        return blocks.remove(block);
    }

    void clear() {
        blocks.clear();
        translations.forEach(translation -> translation.region().retire());
        translations.clear();
        indirectTargets.clear();
        misses.clear();
        Arrays.fill(byOffset, null);
        Arrays.fill(codeBytes, 0);
    }
}
