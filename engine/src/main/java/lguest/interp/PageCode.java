package lguest.interp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The blocks of one physical page, by the offset of their first byte. */
final class PageCode {
    final Block[] byOffset = new Block[4096];
    private final List<Block> blocks = new ArrayList<>();
    /** Bit set for bytes that belong to a block: most writes to pages that mix code and data miss them. */
    private final long[] codeBytes = new long[64];

    void add(Block block, int firstOffset, int lengthBytes) {
        blocks.add(block);
        for (int i = firstOffset; i < firstOffset + lengthBytes; i++) {
            codeBytes[i >> 6] |= 1L << i;
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
        return blocks.isEmpty();
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
        Arrays.fill(byOffset, null);
        Arrays.fill(codeBytes, 0);
    }
}
