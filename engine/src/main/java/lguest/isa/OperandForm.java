package lguest.isa;

/**
 * An operand as a row writes it, {@code Ev} or {@code CL}: where the decoder finds it.
 *
 * @param place what kind of operand
 * @param size its width
 * @param number the register or the constant, where the row fixes it
 */
public record OperandForm(Place place, Size size, int number) {

    /** SDM vol. 2 "Codes for Addressing Method"; the top of {@code one-byte.tsv} says what departs from it. */
    public enum Place {
        /** Register or memory, by modrm.mod and modrm.rm. */
        E,
        /** Memory only. */
        M,
        /** modrm.rm is a general register. */
        R,
        /** modrm.reg is a general register. */
        G,
        /** The low three opcode bits are a general register. */
        Z,
        /** Immediate. */
        I,
        /** Distance of a jump. */
        J,
        /** Far pointer in the instruction. */
        A,
        /** Offset of memory in the instruction. */
        O,
        /** modrm.reg is a segment register. */
        S,
        /** modrm.reg is a control register. */
        C,
        /** modrm.reg is a debug register. */
        D,
        /** Memory at DS:ESI. */
        X,
        /** Memory at ES:EDI. */
        Y,
        /** A general register that the row names. */
        REGISTER,
        /** A segment register that the row names. */
        SEGMENT,
        /** A number that the row names. */
        CONSTANT,
        /** ST(0). */
        ST,
        /** modrm.rm is a register of the x87 stack. */
        STI,
        /** modrm.reg is an MMX register. */
        P,
        /** MMX register or memory, by modrm.mod and modrm.rm. */
        Q,
        /** modrm.rm is an MMX register. */
        N,
        /** modrm.reg is an XMM register. */
        V,
        /** XMM register or memory, by modrm.mod and modrm.rm. */
        W,
        /** modrm.rm is an XMM register. */
        U
    }

    static OperandForm of(String text) {
        return switch (text) {
            case "AL" -> new OperandForm(Place.REGISTER, Size.B, 0);
            case "CL" -> new OperandForm(Place.REGISTER, Size.B, 1);
            case "AX" -> new OperandForm(Place.REGISTER, Size.W, 0);
            case "DX" -> new OperandForm(Place.REGISTER, Size.W, 2);
            case "eAX", "rAX" -> new OperandForm(Place.REGISTER, Size.V, 0);
            case "ES" -> new OperandForm(Place.SEGMENT, Size.W, 0);
            case "CS" -> new OperandForm(Place.SEGMENT, Size.W, 1);
            case "SS" -> new OperandForm(Place.SEGMENT, Size.W, 2);
            case "DS" -> new OperandForm(Place.SEGMENT, Size.W, 3);
            case "FS" -> new OperandForm(Place.SEGMENT, Size.W, 4);
            case "GS" -> new OperandForm(Place.SEGMENT, Size.W, 5);
            case "1" -> new OperandForm(Place.CONSTANT, Size.B, 1);
            case "ST" -> new OperandForm(Place.ST, Size.T, 0);
            case "STi" -> new OperandForm(Place.STI, Size.T, 0);
            default -> byLetters(text);
        };
    }

    private static OperandForm byLetters(String text) {
        Place place = switch (text.charAt(0)) {
            case 'E' -> Place.E;
            case 'M' -> Place.M;
            case 'R' -> Place.R;
            case 'G' -> Place.G;
            case 'Z' -> Place.Z;
            case 'I' -> Place.I;
            case 'J' -> Place.J;
            case 'A' -> Place.A;
            case 'O' -> Place.O;
            case 'S' -> Place.S;
            case 'C' -> Place.C;
            case 'D' -> Place.D;
            case 'X' -> Place.X;
            case 'Y' -> Place.Y;
            case 'P' -> Place.P;
            case 'Q' -> Place.Q;
            case 'N' -> Place.N;
            case 'V' -> Place.V;
            case 'W' -> Place.W;
            case 'U' -> Place.U;
            default -> throw new IllegalArgumentException("no operand is called '" + text + "'");
        };
        return new OperandForm(place, Size.of(text.substring(1)), 0);
    }

    /** Whether the decoder must read a modrm byte to find the operand. */
    boolean needsModrm() {
        return switch (place) {
            case E, M, R, G, S, C, D, STI, P, Q, N, V, W, U -> true;
            default -> false;
        };
    }

    /** modrm.mod must be 3. */
    boolean registerOnly() {
        return place == Place.R || place == Place.N || place == Place.U;
    }

    boolean isMmx() {
        return place == Place.P || place == Place.Q || place == Place.N;
    }

    boolean isXmm() {
        return place == Place.V || place == Place.W || place == Place.U;
    }

    /** In memory it is a vector, or part of one: Q and W, and beside a vector register M of at least 32 bits. */
    public boolean isVectorMemory() {
        return place == Place.Q || place == Place.W || place == Place.M && (size == Size.D || size == Size.Q || size == Size.DQ);
    }
}
