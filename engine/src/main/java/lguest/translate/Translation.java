package lguest.translate;

import java.util.BitSet;
import java.util.List;

/**
 * What became of a {@link Source}.
 *
 * @param region null if there is nothing to translate at its entry
 * @param code the bytes that it stands for, as offsets in the page
 * @param extent how much of what can be reached is in it
 * @param instructions how many there are in it, copies of functions included
 * @param codeBytes size of its method
 */
public record Translation(Source source, Region region, BitSet code, Extent extent, int instructions, int codeBytes) {
    static Translation none(Source source) {
        return new Translation(source, null, new BitSet(), Extent.of(source), 0, 0);
    }

    static BitSet code(List<Part> parts) {
        BitSet code = new BitSet();
        parts.forEach(part -> part.steps.forEach(step -> code.set(step.at(), step.end())));
        return code;
    }

    /** Whether it stands for any of these bytes. */
    public boolean covers(int offset, int lengthBytes) {
        int first = code.nextSetBit(offset);
        return first >= 0 && first < offset + lengthBytes;
    }
}
