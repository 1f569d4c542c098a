package lguest.sem

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path

/** Who made the processor of this machine, as far as it matters: what we do is what Intel's do. */
@CompileStatic
enum Maker {
    /** Whose flags and results are ours where the SDM leaves them undefined, too: Sapphire Rapids and Emerald Rapids. */
    KNOWN_INTEL,
    OTHER_INTEL,
    /** What differs is in tables: {@link IntegerDifference}, {@link UndefinedFlags}. */
    AMD,
    /** Only what the SDM defines can be compared. */
    OTHER

    private static final List<String> KNOWN = ['GenuineIntel 6 143', 'GenuineIntel 6 207']

    boolean intel() {
        this == KNOWN_INTEL || this == OTHER_INTEL
    }

    /** That of this machine. {@code -Dlguest.oracle.undefined=false} takes a known Intel processor for an unknown one. */
    static Maker here() {
        Map<String, String> says = cpuinfo()
        switch (says['vendor_id']) {
            case 'AuthenticAMD': return AMD
            case 'GenuineIntel':
                boolean known = "${says['vendor_id']} ${says['cpu family']} ${says['model']}" as String in KNOWN
                return known && System.getProperty('lguest.oracle.undefined') != 'false' ? KNOWN_INTEL : OTHER_INTEL
            default: return OTHER
        }
    }

    /** What Linux says of the first processor; empty elsewhere. */
    private static Map<String, String> cpuinfo() {
        Path file = Path.of('/proc/cpuinfo')
        Map<String, String> says = [:]
        if (Files.isReadable(file)) {
            file.toFile().eachLine { String line ->
                int colon = line.indexOf(':')
                if (colon > 0) {
                    says.putIfAbsent(line.substring(0, colon).trim(), line.substring(colon + 1).trim())
                }
            }
        }
        says
    }
}
