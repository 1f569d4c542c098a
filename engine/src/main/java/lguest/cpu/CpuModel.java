package lguest.cpu;

/**
 * What CPUID says: the processor a guest believes it runs on (SDM vol. 2A "CPUID").
 *
 * @param name how scripts call it
 * @param family as in leaf 1
 * @param model as in leaf 1
 * @param stepping as in leaf 1
 * @param features leaf 1 EDX
 * @param brand leaves 0x80000002 to 0x80000004, at most 48 characters
 */
public record CpuModel(String name, int family, int model, int stepping, int features, String brand) {
    public static final int FPU = 1;
    public static final int DE = 1 << 2;
    public static final int PSE = 1 << 3;
    public static final int TSC = 1 << 4;
    public static final int MSR = 1 << 5;
    public static final int CX8 = 1 << 8;
    public static final int SEP = 1 << 11;
    public static final int PGE = 1 << 13;
    public static final int CMOV = 1 << 15;
    public static final int CLFSH = 1 << 19;
    public static final int MMX = 1 << 23;
    public static final int FXSR = 1 << 24;
    public static final int SSE = 1 << 25;
    public static final int SSE2 = 1 << 26;

    /** A Deschutes without MMX: the smallest that 2007's i686 kernels and programs need. */
    public static final CpuModel PENTIUM2 =
        new CpuModel("pentium2", 6, 5, 2, FPU | DE | PSE | TSC | MSR | CX8 | PGE | CMOV | FXSR, "lguest Pentium II");
    /** A Coppermine: with MMX and SSE. */
    public static final CpuModel PENTIUM3 = new CpuModel("pentium3", 6, 8, 3, PENTIUM2.features | MMX | SSE, "lguest Pentium III");
    /** A Northwood: with SSE2, too. */
    public static final CpuModel PENTIUM4 = new CpuModel("pentium4", 15, 2, 9, PENTIUM3.features | SSE2 | CLFSH, "lguest Pentium 4");

    /** What CLFLUSH flushes. */
    private static final int FLUSHED_BYTES = 64;
    private static final int MAX_LEAF = 2;
    private static final int MAX_EXTENDED_LEAF = 0x80000004;

    /**
     * Whether it executes the instructions of a feature.
     *
     * @param feature by CPUID's name: {@code CMOV}, {@code TSC}
     * @throws IllegalArgumentException if no feature is called that
     */
    public boolean has(String feature) {
        int bit = switch (feature) {
            case "FPU" -> FPU;
            case "DE" -> DE;
            case "PSE" -> PSE;
            case "TSC" -> TSC;
            case "MSR" -> MSR;
            case "CX8" -> CX8;
            case "SEP" -> SEP;
            case "PGE" -> PGE;
            case "CMOV" -> CMOV;
            case "CLFSH" -> CLFSH;
            case "MMX" -> MMX;
            case "FXSR" -> FXSR;
            case "SSE" -> SSE;
            case "SSE2" -> SSE2;
            default -> throw new IllegalArgumentException("no CPUID feature is called '" + feature + "'");
        };
        return (features & bit) != 0;
    }

    /** EAX, EBX, ECX, EDX for a leaf, into {@code out[0..3]}. Leaves beyond the last repeat the last basic one, as Intel's do. */
    public void cpuid(int leaf, int subleaf, int[] out) {
        int effective = leaf;
        if (Integer.compareUnsigned(leaf, MAX_LEAF) > 0
            && (leaf >= 0 || Integer.compareUnsigned(leaf, MAX_EXTENDED_LEAF) > 0)) {
            effective = MAX_LEAF;
        }
        out[0] = out[1] = out[2] = out[3] = 0;
        if (effective == 0) {
            out[0] = MAX_LEAF;
            out[1] = 0x756E6547;
            out[3] = 0x49656E69;
            out[2] = 0x6C65746E;
        } else if (effective == 1) {
            out[0] = family << 8 | model << 4 | stepping;
            out[1] = (features & CLFSH) != 0 ? FLUSHED_BYTES / 8 << 8 : 0;
            out[3] = features;
        } else if (effective == 2) {
            out[0] = family == 15 ? 0x665B5001 : 0x03020101;
            out[3] = family == 15 ? 0x007A7040 : 0x0C040843;
        } else if (effective == 0x80000000) {
            out[0] = MAX_EXTENDED_LEAF;
        } else if (Integer.compareUnsigned(effective, 0x80000002) >= 0) {
            int start = (effective - 0x80000002) * 16;
            for (int i = 0; i < 16; i++) {
                int at = start + i;
                int character = at < brand.length() ? brand.charAt(at) & 0x7F : 0;
                out[i >> 2] |= character << (i & 3) * 8;
            }
        }
    }
}
