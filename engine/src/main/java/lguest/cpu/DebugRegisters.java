package lguest.cpu;

/**
 * What DR0 to DR7 ask for (SDM vol. 3B "Debug Registers").
 *
 * <pre>
 * DR0-DR3  linear addresses
 * DR6      0-3 B0-B3: the breakpoint was met   13 BD   14 BS   15 BT   the others read as {@link #DR6_FIXED}
 * DR7      0-7 L0 G0 L1 G1 ...: enabled   8 LE   9 GE   13 GD   10 reads as 1
 *          16-31 four bits for each breakpoint: R/W, then LEN
 * </pre>
 *
 * <p>Breakpoints that are not enabled leave no trace in DR6, which the SDM leaves open.
 */
public final class DebugRegisters {
    public static final int DR6 = 6;
    public static final int DR7 = 7;

    public static final int DR6_FIXED = 0xFFFF0FF0;
    /** B0 to B3. */
    public static final int DR6_B = 0xF;
    /** General detect: the next instruction accesses a debug register although {@link #DR7_GD} is set. */
    public static final int DR6_BD = 1 << 13;
    /** Single step. */
    public static final int DR6_BS = 1 << 14;
    /** A task switch to a task whose TSS has the T bit. */
    public static final int DR6_BT = 1 << 15;

    public static final int DR7_FIXED = 0x400;
    public static final int DR7_GD = 1 << 13;
    /** L0 to L3 and LE: a task's own. */
    public static final int DR7_LOCAL = 0x155;

    private static final int DR6_BITS = DR6_B | DR6_BD | DR6_BS | DR6_BT;
    private static final int DR7_BITS = 0xFFFF23FF;
    private static final int ENABLED = 0xFF;
    private static final int BREAKPOINTS = 4;
    /** R/W fields. */
    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int IO = 2;

    private DebugRegisters() {
    }

    /** What DR6 or DR7 become when a value is written to them; other registers take it as it is. */
    public static int stored(int number, int value) {
        return switch (number) {
            case DR6 -> value & DR6_BITS | DR6_FIXED;
            case DR7 -> value & DR7_BITS | DR7_FIXED;
            default -> value;
        };
    }

    /**
     * Notes in DR6 why #DB is raised: B0 to B3 are those of this exception, the others stay until software clears them.
     *
     * @param why bits of DR6
     */
    public static void report(CpuState cpu, int why) {
        cpu.dr[DR6] = cpu.dr[DR6] & ~DR6_B | why;
    }

    /** Whether any breakpoint is enabled. */
    public static boolean any(CpuState cpu) {
        return (cpu.dr[DR7] & ENABLED) != 0;
    }

    /** B0 to B3 of the enabled breakpoints at an instruction. Their length, which must be 0, is not looked at. */
    public static int executes(CpuState cpu, int linear) {
        int met = 0;
        for (int n = 0; n < BREAKPOINTS; n++) {
            if (isCode(cpu, n) && cpu.dr[n] == linear) {
                met |= 1 << n;
            }
        }
        return met;
    }

    /** B0 to B3 of the enabled breakpoints that an access of memory touches. */
    public static int accesses(CpuState cpu, int linear, int lengthBytes, boolean write) {
        int met = 0;
        for (int n = 0; n < BREAKPOINTS; n++) {
            if (isData(cpu, n) && (write || type(cpu, n) != WRITE) && touches(cpu, n, linear, lengthBytes)) {
                met |= 1 << n;
            }
        }
        return met;
    }

    /** B0 to B3 of the enabled breakpoints that an access of ports touches: none without CR4.DE. */
    public static int ports(CpuState cpu, int port, int lengthBytes) {
        int met = 0;
        if ((cpu.cr4 & CpuState.CR4_DE) != 0) {
            for (int n = 0; n < BREAKPOINTS; n++) {
                if (enabled(cpu, n) && type(cpu, n) == IO && touches(cpu, n, port, lengthBytes)) {
                    met |= 1 << n;
                }
            }
        }
        return met;
    }

    /** Whether breakpoint {@code n} is enabled and at an instruction. */
    public static boolean isCode(CpuState cpu, int n) {
        return enabled(cpu, n) && type(cpu, n) == EXECUTE;
    }

    /** Whether breakpoint {@code n} is enabled and for memory that is written, or read and written. */
    public static boolean isData(CpuState cpu, int n) {
        return enabled(cpu, n) && (type(cpu, n) & 1) != 0;
    }

    private static boolean enabled(CpuState cpu, int n) {
        return (cpu.dr[DR7] >>> 2 * n & 3) != 0;
    }

    private static int type(CpuState cpu, int n) {
        return cpu.dr[DR7] >>> 16 + 4 * n & 3;
    }

    /** Addresses are aligned by ignoring their low bits. */
    private static boolean touches(CpuState cpu, int n, int at, int lengthBytes) {
        int bytes = lengthBytes(cpu, n);
        int first = cpu.dr[n] & -bytes;
        return Integer.compareUnsigned(at - first, bytes) < 0 || Integer.compareUnsigned(first - at, lengthBytes) < 0;
    }

    /** LEN is 1, 2, 8 or 4 bytes; 8 is undefined before the 64-bit processors, which have it in 32-bit code, too. */
    private static int lengthBytes(CpuState cpu, int n) {
        return switch (cpu.dr[DR7] >>> 18 + 4 * n & 3) {
            case 0 -> 1;
            case 1 -> 2;
            case 2 -> 8;
            default -> 4;
        };
    }
}
