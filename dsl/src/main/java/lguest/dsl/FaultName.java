package lguest.dsl;

import lguest.cpu.Vector;

/**
 * Exceptions by the SDM's mnemonics (SDM vol. 3A "Exception and Interrupt Vectors"). {@link #TS} is a hypercall, too: the word
 * means whichever is asked for.
 */
public enum FaultName {
    DE(Vector.DE), DB(Vector.DB), NMI(Vector.NMI), BP(Vector.BP), OF(Vector.OF), BR(Vector.BR), UD(Vector.UD), NM(Vector.NM),
    DF(Vector.DF), TS(Vector.TS), NP(Vector.NP), SS(Vector.SS), GP(Vector.GP), PF(Vector.PF), MF(Vector.MF), AC(Vector.AC),
    XM(Vector.XM);

    private final int vector;

    FaultName(int vector) {
        this.vector = vector;
    }

    /** 0 to 31. */
    public int getVector() {
        return vector;
    }
}
