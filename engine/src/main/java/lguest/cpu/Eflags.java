package lguest.cpu;

/** Bits of EFLAGS (SDM vol. 1 "EFLAGS Register"). */
public final class Eflags {
    public static final int CF = 1;
    public static final int FIXED = 1 << 1;
    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int OF = 1 << 11;
    public static final int IOPL = 3 << 12;
    public static final int IOPL_SHIFT = 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;
    public static final int VIF = 1 << 19;
    public static final int VIP = 1 << 20;
    public static final int ID = 1 << 21;

    /** The six that arithmetic writes. */
    public static final int STATUS = OF | SF | ZF | AF | PF | CF;

    private static final String[] NAMES = {
        "CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "", "", "NT", "", "RF", "VM", "AC", "VIF", "VIP", "ID"
    };

    private Eflags() {
    }

    /** The set flags by name, {@code ZF PF IF}; IOPL as {@code IOPL=1} when it is not 0. */
    public static String describe(int eflags) {
        StringBuilder out = new StringBuilder();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((eflags >>> bit & 1) != 0 && !NAMES[bit].isEmpty()) {
                out.append(out.length() == 0 ? "" : " ").append(NAMES[bit]);
            }
        }
        int iopl = (eflags & IOPL) >>> IOPL_SHIFT;
        if (iopl != 0) {
            out.append(out.length() == 0 ? "" : " ").append("IOPL=").append(iopl);
        }
        return out.toString();
    }
}
