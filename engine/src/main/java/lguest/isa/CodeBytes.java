package lguest.isa;

/** Where a {@link Decoder} gets its bytes from, one after the other. */
@FunctionalInterface
public interface CodeBytes {
    /**
     * The next byte of code, 0 to 255. What it throws (a page fault of the fetch, say) passes through the decoder; a new attempt
     * starts with the instruction's first byte.
     */
    int next();
}
