package lguest.cpu;

/** Exception vectors by the SDM's mnemonics (SDM vol. 3A "Exception and Interrupt Vectors"). */
public final class Vector {
    public static final int DE = 0;
    public static final int DB = 1;
    public static final int NMI = 2;
    public static final int BP = 3;
    public static final int OF = 4;
    public static final int BR = 5;
    public static final int UD = 6;
    public static final int NM = 7;
    public static final int DF = 8;
    public static final int TS = 10;
    public static final int NP = 11;
    public static final int SS = 12;
    public static final int GP = 13;
    public static final int PF = 14;
    public static final int MF = 16;
    public static final int AC = 17;
    public static final int XM = 19;

    private static final String[] NAMES = {
        "DE", "DB", "NMI", "BP", "OF", "BR", "UD", "NM", "DF", "vector 9", "TS", "NP", "SS", "GP", "PF", "vector 15", "MF", "AC",
        "vector 18", "XM"
    };

    private Vector() {
    }

    /** Whether the processor pushes an error code for this vector: 8, 10 to 14 and 17. */
    public static boolean hasErrorCode(int vector) {
        return vector == DF || vector >= TS && vector <= PF || vector == AC;
    }

    /** {@code GP}, {@code PF}, ...; {@code vector 32} for those without a mnemonic. */
    public static String name(int vector) {
        return vector >= 0 && vector < NAMES.length ? NAMES[vector] : "vector " + vector;
    }
}
