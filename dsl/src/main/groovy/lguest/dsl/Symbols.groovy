package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.file.Path
import lguest.dsl.internal.Similar
import lguest.load.Kallsyms
import lguest.load.KernelSymbols
import lguest.load.Symbol

/** The names of a kernel's addresses: from its ELF file, or from a map file that is loaded. */
@CompileStatic
final class Symbols {
    private static final int MOST_NAMES = 100

    private final ScriptedGuest guest

    @PackageScope
    Symbols(ScriptedGuest guest) {
        this.guest = guest
    }

    private KernelSymbols getKnown() { guest.engine.symbols() }

    /** {@code do_page_fault+0x12}; null where no symbol is near. */
    String at(Object address) {
        known.at(guest.address(address)).map { it.toString() }.orElse(null)
    }

    /** @throws ScriptFailure if there is no such symbol */
    long address(Object name) {
        OptionalInt found = known.address(String.valueOf(name))
        if (found.empty) {
            throw new ScriptFailure(unknown(String.valueOf(name)))
        }
        found.asInt & 0xFFFFFFFFL
    }

    boolean has(Object name) { known.address(String.valueOf(name)).present }

    private String unknown(String name) {
        List<Symbol> all = known.all()
        all.empty ? "no symbol '${name}': the kernel of guest ${guest.name} has no symbols; symbols.load 'System.map' brings them"
            : "no symbol '${name}'" + Similar.hint(name, all.collect { it.name() } as Set<String>)
    }

    /** Takes the symbols of a System.map or an ELF file instead. @return how many */
    int load(Object file) {
        Path path = guest.session.input('symbols', file)
        known.load(path)
    }

    /**
     * Takes the symbols instead that a Linux kernel with CONFIG_KALLSYMS has in its memory: for one without a symbol table. It must have
     * come so far that they are there, a bzImage past its own unpacking.
     *
     * @return how many
     */
    int kallsyms() {
        guest.look {
            List<Symbol> found = Kallsyms.find(guest.engine.physical()).orElse(null)
            if (found == null) {
                throw new ScriptFailure("symbols.kallsyms: there are none in the memory of guest ${guest.name}: its kernel has no " +
                    'CONFIG_KALLSYMS, or has not unpacked itself yet')
            }
            known.set(found)
            found.size()
        } as int
    }

    /** Names that begin so, in order. */
    List<String> names(String prefix = '', int most = MOST_NAMES) { known.names(prefix, most) }

    @Override
    String toString() { "${known.all().size()} symbols of guest ${guest.name}" }
}
