package lguest.cpu;

/**
 * A fault of the guest's own making: the instruction has not happened and EIP points at it. One instance per processor is
 * thrown again and again ({@link CpuState#fault}), without a stack trace: faults are ordinary events here.
 */
public final class CpuFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private int vector;
    private int errorCode;

    CpuFault() {
        super(null, null, false, false);
    }

    CpuFault with(int newVector, int newErrorCode) {
        vector = newVector;
        errorCode = newErrorCode;
        return this;
    }

    public int vector() {
        return vector;
    }

    /** The error code; 0 for vectors that have none. */
    public int errorCode() {
        return errorCode;
    }

    @Override
    public String getMessage() {
        return "#" + Vector.name(vector) + "(" + Integer.toHexString(errorCode) + ")";
    }
}
