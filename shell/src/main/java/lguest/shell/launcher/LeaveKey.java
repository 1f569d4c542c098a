package lguest.shell.launcher;

/** Ctrl-]: takes the terminal back from a guest, wherever one has it. */
public final class LeaveKey {
    private static final byte CODE = 0x1D;

    private LeaveKey() {
    }

    /** How many of the keys read come before it: all of them if it is not among them. */
    public static int before(byte[] keys, int length) {
        for (int i = 0; i < length; i++) {
            if (keys[i] == CODE) {
                return i;
            }
        }
        return length;
    }
}
