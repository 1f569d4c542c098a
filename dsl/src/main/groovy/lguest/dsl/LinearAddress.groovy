package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.util.function.IntConsumer
import java.util.function.IntSupplier
import lguest.mem.PhysicalMemory

/** A linear address of a guest, to be looked into: {@code linear(0xC0100000).walk()}. */
@CompileStatic
final class LinearAddress {
    /** What the page tables say of an address; prints as a line for each level. */
    @CompileStatic
    static final class Walk {
        /** Null without paging. */
        final PageEntry pde
        /** Null if the directory's entry is not present, or is a page of 4 MiB. */
        final PageEntry pte
        /** Where it leads; null if nowhere. */
        final Long physical
        private final long linear

        @PackageScope
        Walk(long linear, PageEntry pde, PageEntry pte, Long physical) {
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
            PageEntry pde = entry(memory, (guest.engine.cpu().cr3 & 0xFFFFF000L) + (value >>> 22) * 4, true)
            if (!pde.present || pde.large) {
                return new Walk(value, pde, null, pde.present ? pde.frame + (value & 0x3FFFFF) : null)
            }
            PageEntry pte = entry(memory, pde.frame + (value >>> 12 & 0x3FF) * 4, false)
            new Walk(value, pde, pte, pte.present ? pte.frame + (value & 0xFFF) : null)
        } as Walk
    }

    private static PageEntry entry(PhysicalMemory memory, long at, boolean directory) {
        IntSupplier read = { memory.read32((int) at) } as IntSupplier
        IntConsumer write = { int value -> memory.write32((int) at, value) } as IntConsumer
        String name = String.format('%s at 0x%08x', directory ? 'pde' : 'pte', at)
        directory ? PageEntry.ofDirectory(name, read, write) : PageEntry.ofTable(name, read, write)
    }

    /** The symbol there or before; null if none is near. */
    String getSymbol() { guest.symbols.at(value) }

    @Override
    String toString() { String.format('linear 0x%08x', value) + (symbol ? " ${symbol}" : '') }
}
