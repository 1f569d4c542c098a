package lguest.mem;

/**
 * A physical page that is not plain memory: a register window or a page shared with other processes. It is reached on the slow
 * path only.
 */
public interface PageDevice {
    /**
     * @param offset 0 to 4095, the access does not cross the page
     * @param bits 8, 16 or 32
     * @return the value, zero-extended
     */
    int read(int offset, int bits);

    void write(int offset, int value, int bits);
}
