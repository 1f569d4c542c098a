package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope

/** What some memory held at a moment, to be compared with what it holds later: {@code memory.copy(range).changes}. */
@CompileStatic
final class MemoryCopy {
    /** Bytes side by side that have changed. */
    @CompileStatic
    static final class Change {
        final long address
        final byte[] was
        final byte[] now

        @PackageScope
        Change(long address, byte[] was, byte[] now) {
            this.address = address
            this.was = was
            this.now = now
        }

        @Override
        String toString() { String.format('0x%08x  %s -> %s', address, was.encodeHex(), now.encodeHex()) }
    }

    private final Memory memory
    final long address
    private final byte[] was

    @PackageScope
    MemoryCopy(Memory memory, long address, byte[] was) {
        this.memory = memory
        this.address = address
        this.was = was
    }

    byte[] getBytes() { was.clone() }

    /** What is different now, in order of addresses. */
    List<Change> getChanges() {
        byte[] now = memory.bytes(address, was.length)
        List<Change> changes = []
        for (int i = 0; i < now.length; i++) {
            int first = i
            while (i < now.length && now[i] != was[i]) {
                i++
            }
            if (i > first) {
                changes << new Change(address + first, Arrays.copyOfRange(was, first, i), Arrays.copyOfRange(now, first, i))
            }
        }
        changes
    }

    @Override
    String toString() { "copy of ${was.length} bytes at ${String.format('0x%08x', address)} of ${memory}" }
}
