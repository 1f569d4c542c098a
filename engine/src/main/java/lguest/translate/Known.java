package lguest.translate;

/** The constants of a region's class besides its links, in the order in which {@link Handover} passes them on. */
enum Known {
    REGS("[I"),
    UNSAFE(RawMemory.INSTANCE == null ? "Ljava/lang/Object;" : "L" + RawMemory.UNSAFE + ";"),
    RAM("[B"),
    READ("[I"),
    WRITE("[I"),
    CPU("L" + Code.CPU + ";"),
    MEM("L" + Code.MEM + ";"),
    HEAT("L" + Code.HEAT + ";");

    /**
     * So many, those up to {@link #WRITE}, are local variables, too, in a method for C1, which looks a field up anew whenever it is named. C2
     * would take them for values that may be others, or null, in loops.
     */
    static final int KEPT = 5;

    private final String descriptor;

    Known(String descriptor) {
        this.descriptor = descriptor;
    }

    String descriptor() {
        return descriptor;
    }

    /** As casts and frames name its type. */
    String type() {
        return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }
}
