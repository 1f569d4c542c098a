package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.PageSpec
import lguest.mem.PageDevice

/** Turns the words of a page block into what answers there. */
@CompileStatic
final class PageBlock implements PageSpec, PageDevice {
    private static final int WITH_WIDTH_READ = 2
    private static final int WITH_WIDTH_WRITTEN = 3

    private final Owner owner
    private Closure<?> written
    private Closure<?> read

    PageBlock(Owner owner) {
        this.owner = owner
    }

    @Override
    void write(Closure<?> action) { written = action }

    @Override
    void read(Closure<?> action) { read = action }

    @Override
    int read(int offset, int bits) {
        if (read == null) {
            return 0
        }
        Object value = owner.guarded { read.maximumNumberOfParameters == WITH_WIDTH_READ ? read.call(offset, bits) : read.call(offset) }
        value instanceof Number ? ((Number) value).intValue() & -1 >>> 32 - bits : 0
    }

    @Override
    void write(int offset, int value, int bits) {
        if (written != null) {
            long unsigned = value & 0xFFFFFFFFL
            owner.guarded {
                written.maximumNumberOfParameters == WITH_WIDTH_WRITTEN ? written.call(offset, unsigned, bits) : written.call(offset, unsigned)
            }
        }
    }
}
