package lguest.isa;

/** How wide an operand is, by the lower-case letters that follow its kind in the table (SDM vol. 2 "Codes for Operand Type"). */
public enum Size {
    /** No letter: only the address matters, or the operand has a size of its own. */
    NONE,
    /** b: a byte. */
    B,
    /** w: a word. */
    W,
    /** d and ss: a doubleword. */
    D,
    /** q, sd and pi: a quadword. */
    Q,
    /** dq, ps and pd: 128 bits. */
    DQ,
    /** t: the ten bytes of an extended real or of packed decimals. */
    T,
    /** v and z: word or doubleword, by operand size. */
    V,
    /** p: a far pointer, 16:16 or 16:32 by operand size. */
    P,
    /** s: limit and base of a descriptor table, six bytes. */
    S,
    /** a: the two bounds of BOUND, by operand size. */
    A;

    static Size of(String letters) {
        return switch (letters) {
            case "" -> NONE;
            case "b" -> B;
            case "w" -> W;
            case "d", "ss" -> D;
            case "q", "sd", "pi" -> Q;
            case "dq", "ps", "pd" -> DQ;
            case "t" -> T;
            case "v", "z" -> V;
            case "p" -> P;
            case "s" -> S;
            case "a" -> A;
            default -> throw new IllegalArgumentException("no operand size is called '" + letters + "'");
        };
    }

    /** @param operandBits 16 or 32, the operand-size attribute of the instruction */
    public int bits(int operandBits) {
        return switch (this) {
            case NONE -> 0;
            case B -> 8;
            case W -> 16;
            case D -> 32;
            case Q -> 64;
            case DQ -> 128;
            case T -> 80;
            case V -> operandBits;
            case P -> 16 + operandBits;
            case S -> 48;
            case A -> 2 * operandBits;
        };
    }
}
