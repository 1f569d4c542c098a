package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.mem.PhysicalMemory

/** A linear address of a guest, to be looked into: {@code linear(0xC0100000).walk()}. */
@CompileStatic
final class LinearAddress {
    /** An entry of a page directory or table (SDM vol. 3A "32-Bit Paging"), as it was when it was read. */
    @CompileStatic
    static final class Entry {
        /** Physical address of the entry. */
        final long at
        final long value
        private final boolean directory

        @PackageScope
        Entry(long at, long value, boolean directory) {
            this.at = at
            this.value = value
            this.directory = directory
        }

        boolean isPresent() { bit(Constants.PRESENT) }
        boolean isWritable() { bit(Constants.WRITABLE) }
        boolean isUser() { bit(Constants.USER) }
        boolean isAccessed() { bit(Constants.ACCESSED) }
        boolean isDirty() { bit(Constants.DIRTY) }
        /** A page of 4 MiB: in a directory only. */
        boolean isLarge() { directory && bit(Constants.LARGE) }
        /** Physical address of the page or table. */
        long getFrame() { value & (large ? 0xFFC00000L : 0xFFFFF000L) }

        private boolean bit(long mask) { (value & mask) != 0 }

        @Override
        String toString() {
            String flags = present ? [writable ? 'writable' : 'read-only', user ? 'user' : 'kernel', accessed ? 'accessed' : null,
                dirty ? 'dirty' : null, large ? '4 MiB' : null].findAll().join(' ') : 'not present'
            String.format('%s at 0x%08x = 0x%08x  %s', directory ? 'pde' : 'pte', at, value, flags)
        }
    }

    /** What the page tables say of an address; prints as a line for each level. */
    @CompileStatic
    static final class Walk {
        /** Null without paging. */
        final Entry pde
        /** Null if the directory's entry is not present, or is a page of 4 MiB. */
        final Entry pte
        /** Where it leads; null if nowhere. */
        final Long physical
        private final long linear

        @PackageScope
        Walk(long linear, Entry pde, Entry pte, Long physical) {
            this.linear = linear
            this.pde = pde
            this.pte = pte
            this.physical = physical
        }

        @Override
        String toString() {
            String end = physical == null ? 'not mapped' : String.format('physical 0x%08x', physical)
            ([String.format('linear 0x%08x', linear)] + [pde, pte].findAll { it != null }*.toString() + [end]).join('\n')
        }
    }

    private final ScriptedGuest guest
    final long value

    @PackageScope
    LinearAddress(ScriptedGuest guest, long value) {
        this.guest = guest
        this.value = value
    }

    /** Follows the guest's page tables as they are now; changes nothing, neither Accessed nor Dirty. */
    Walk walk() {
        guest.look {
            PhysicalMemory memory = guest.engine.physical()
            if (!guest.engine.cpu().paging()) {
                return new Walk(value, null, null, value)
            }
            Entry pde = entry(memory, (guest.engine.cpu().cr3 & 0xFFFFF000L) + (value >>> 22) * 4, true)
            if (!pde.present || pde.large) {
                return new Walk(value, pde, null, pde.present ? pde.frame + (value & 0x3FFFFF) : null)
            }
            Entry pte = entry(memory, pde.frame + (value >>> 12 & 0x3FF) * 4, false)
            new Walk(value, pde, pte, pte.present ? pte.frame + (value & 0xFFF) : null)
        } as Walk
    }

    private static Entry entry(PhysicalMemory memory, long at, boolean directory) {
        new Entry(at, memory.read32((int) at) & 0xFFFFFFFFL, directory)
    }

    /** The symbol there or before; null if none is near. */
    String getSymbol() { guest.symbols.at(value) }

    @Override
    String toString() { String.format('linear 0x%08x', value) + (symbol ? " ${symbol}" : '') }
}
