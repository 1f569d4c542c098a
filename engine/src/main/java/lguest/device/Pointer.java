package lguest.device;

/** How the launcher prints a physical address: C's {@code %p}. */
public final class Pointer {
    private Pointer() {
    }

    /** {@code 0x100678}; a null pointer is {@code 0}. */
    public static String text(int physical) {
        return physical == 0 ? "0" : "0x" + Integer.toHexString(physical);
    }
}
