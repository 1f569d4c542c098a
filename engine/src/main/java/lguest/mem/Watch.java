package lguest.mem;

/** Sees the accesses to watched pages as they happen, by linear address. It must not touch memory itself. */
@FunctionalInterface
public interface Watch {
    /**
     * @param linear first byte
     * @param bits 8, 16 or 32
     * @param value what was read or is being written, zero-extended
     */
    void accessed(int linear, int bits, int value, boolean write);
}
