package lguest.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The symbols of a guest's kernel, from the symbol table of its ELF file or from a {@code System.map}. The file is read at the
 * first question. Any thread may ask.
 */
public final class KernelSymbols {
    private static final Comparator<Symbol> BY_ADDRESS =
        Comparator.comparingLong(Symbol::unsignedAddress).thenComparing(Symbol::rank);
    private static final Comparator<Symbol> BY_NAME = Comparator.comparing(Symbol::name).thenComparing(BY_ADDRESS);
    /** How far behind the last symbol an address may be and still be called after it. */
    private static final int LAST_SYMBOL_BYTES = 4096;

    private Supplier<List<Symbol>> source;
    private Symbol[] byAddress;
    private Symbol[] byName;

    private KernelSymbols(Supplier<List<Symbol>> source) {
        this.source = source;
    }

    /** No symbols yet. */
    public static KernelSymbols none() {
        return new KernelSymbols(List::of);
    }

    public static KernelSymbols of(List<Symbol> symbols) {
        return new KernelSymbols(() -> symbols);
    }

    /** The same symbols, for another guest: what is loaded in one of them does not concern the other. */
    public synchronized KernelSymbols copy() {
        return new KernelSymbols(source);
    }

    /**
     * The symbols of a kernel image: of its symbol table if it is an ELF file and has one, else of the {@code System.map} beside it, which
     * is {@code System.map-2.6.23} for {@code vmlinuz-2.6.23}; else none.
     */
    public static KernelSymbols ofKernel(Path kernel) {
        return new KernelSymbols(() -> readKernel(kernel));
    }

    /** The symbols of a {@code System.map}, as nm prints them: {@code c0100000 T _text}. */
    public static KernelSymbols ofSystemMap(Path map) {
        return new KernelSymbols(() -> SystemMap.read(map));
    }

    /**
     * Forgets all symbols and takes those of another file, an ELF file or a {@code System.map}.
     *
     * @return how many
     * @throws LoadException if it cannot be read
     */
    public synchronized int load(Path file) {
        List<Symbol> symbols = isElf(file) ? readElf(file) : SystemMap.read(file);
        set(symbols);
        return symbols.size();
    }

    /** Forgets all symbols and takes these. */
    public synchronized void set(List<Symbol> symbols) {
        source = () -> symbols;
        byAddress = null;
    }

    /**
     * @return the symbol at an address or the nearest below; empty for an address that is before the first or behind the last
     * @throws LoadException if the symbols cannot be read
     */
    public synchronized Optional<SymbolAt> at(int address) {
        ready();
        int low = 0;
        int high = byAddress.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Integer.compareUnsigned(byAddress[middle].address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return Optional.empty();
        }
        Symbol symbol = byAddress[low - 1];
        int offset = address - symbol.address();
        int behind = Math.max(symbol.sizeBytes(), LAST_SYMBOL_BYTES);
        return low == byAddress.length && Integer.compareUnsigned(offset, behind) >= 0 ? Optional.empty()
            : Optional.of(new SymbolAt(symbol, offset));
    }

    /**
     * @return the address of a name; of several, a function's, a global one's, or the highest
     * @throws LoadException if the symbols cannot be read
     */
    public synchronized OptionalInt address(String name) {
        ready();
        Symbol best = null;
        for (int i = firstNamed(name); i < byName.length && byName[i].name().equals(name); i++) {
            if (best == null || byName[i].rank() >= best.rank()) {
                best = byName[i];
            }
        }
        return best == null ? OptionalInt.empty() : OptionalInt.of(best.address());
    }

    /** Names that begin so, in order: for completion. */
    public synchronized List<String> names(String prefix, int limit) {
        ready();
        return Arrays.stream(byName, firstNamed(prefix), byName.length).map(Symbol::name)
            .takeWhile(name -> name.startsWith(prefix)).distinct().limit(limit).toList();
    }

    /** All symbols by address, those that are no addresses left out. */
    public synchronized List<Symbol> all() {
        ready();
        return List.of(byAddress);
    }

    private int firstNamed(String name) {
        int low = 0;
        int high = byName.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (byName[middle].name().compareTo(name) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void ready() {
        if (byAddress != null) {
            return;
        }
        List<Symbol> symbols = source.get();
        byName = symbols.stream().sorted(BY_NAME).toArray(Symbol[]::new);
        byAddress = symbols.stream().filter(Symbol::located).sorted(BY_ADDRESS).toArray(Symbol[]::new);
    }

    private static boolean isElf(Path file) {
        try (ImageFile image = ImageFile.open(file)) {
            return image.sizeBytes() >= ElfImage.HEADER_BYTES
                && ElfImage.isElf(image.bytes(0, ElfImage.HEADER_BYTES, "Reading " + file));
        }
    }

    private static List<Symbol> readElf(Path file) {
        try (ImageFile image = ImageFile.open(file)) {
            return ElfSymbols.read(image);
        }
    }

    private static List<Symbol> readKernel(Path kernel) {
        List<Symbol> own = isElf(kernel) ? readElf(kernel) : List.of();
        String name = kernel.getFileName().toString();
        Path map = kernel.resolveSibling("System.map" + (name.contains("-") ? name.substring(name.indexOf('-')) : ""));
        return own.isEmpty() && Files.isRegularFile(map) ? SystemMap.read(map) : own;
    }
}
