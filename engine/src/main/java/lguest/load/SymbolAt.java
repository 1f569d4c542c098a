package lguest.load;

/**
 * An address in terms of the symbol at or below it.
 *
 * @param offset bytes behind the symbol, 0 or more
 */
public record SymbolAt(Symbol symbol, int offset) {
    /** {@code do_page_fault} or {@code do_page_fault+0x12}. */
    @Override
    public String toString() {
        return offset == 0 ? symbol.name() : symbol.name() + "+0x" + Integer.toHexString(offset);
    }
}
