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
    /** One of AMD's that differs in more than the others. */
    ZEN3,
    /** Only what the SDM defines can be compared. */
    OTHER

    private static final List<String> KNOWN = ['GenuineIntel 6 143', 'GenuineIntel 6 207']
    private static final List<String> KNOWN_ZEN3 = ['AuthenticAMD 25 1']

    boolean intel() {
        this == KNOWN_INTEL || this == OTHER_INTEL
    }

    boolean amd() {
        this == AMD || this == ZEN3
    }

    /** That of this machine. {@code -Dlguest.oracle.undefined=false} takes a known Intel processor for an unknown one. */
    static Maker here() {
        Map<String, String> says = cpuinfo()
        String model = "${says['vendor_id']} ${says['cpu family']} ${says['model']}"
        switch (says['vendor_id']) {
            case 'AuthenticAMD': return model in KNOWN_ZEN3 ? ZEN3 : AMD
            case 'GenuineIntel':
                return model in KNOWN && System.getProperty('lguest.oracle.undefined') != 'false' ? KNOWN_INTEL : OTHER_INTEL
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
