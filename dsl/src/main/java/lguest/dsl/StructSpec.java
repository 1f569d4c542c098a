package lguest.dsl;

/**
 * The words inside {@code struct('name') { }}: fields in order, each aligned to its size as C for i386 does it. A count makes an array.
 *
 * <pre>
 * def lguest_dma = struct('lguest_dma') { u32 'used_len'; u32 'addr', 16; u16 'len', 16 }
 * println lguest_dma.at(0xC0123400).len[0]
 * </pre>
 */
public interface StructSpec {
    void u8(String field);

    void u8(String field, int count);

    void u16(String field);

    void u16(String field, int count);

    void u32(String field);

    void u32(String field, int count);

    void s8(String field);

    void s8(String field, int count);

    void s16(String field);

    void s16(String field, int count);

    void s32(String field);

    void s32(String field, int count);

    /** @param bytes it has room for; what is read ends before the first zero */
    void text(String field, int bytes);

    /** A {@code char *}: what it points to, up to the zero byte; null if it points nowhere. */
    void cstring(String field);

    /** Leaves bytes out. */
    void skip(int bytes);
}
