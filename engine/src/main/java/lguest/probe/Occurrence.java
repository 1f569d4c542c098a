package lguest.probe;

/**
 * One event as it happens. Each guest has one of these and fills it in again: copy what must last. Which fields mean something
 * depends on the event.
 */
public final class Occurrence {
    /** Hypercall number and arguments (edx, ebx, ecx in generation 1); settable before the call. */
    public int number;
    public int a1;
    public int a2;
    public int a3;
    /** What EAX will hold; settable. */
    public int result;
    /** The call came through the ring. */
    public boolean asynchronous;

    /** Fault vector and its error code. */
    public int vector;
    public int errorCode;

    /** Linear address of the instruction or the access. */
    public int address;
    /** Width of the access: 8, 16 or 32. */
    public int bits;
    /** The value read or written, zero-extended. */
    public int value;
    public boolean write;
    /** What was there before a write. */
    public int old;
    /** Of an I/O port; its value is {@link #value}, which may be set: before a write, after a read, or instead of it. */
    public int port;
    /** What is printed; settable before it is. */
    public byte[] text;
    /** Why the guest ends. */
    public String reason;
    /** The guest waits for an interrupt. */
    public boolean asleep;

    public int key;
    /** Physical address of the {@code struct lguest_dma}. */
    public int dmaAddress;

    public int line;

    private Probe probe;
    private String stopReason;
    private boolean proceeds;

    /** The probe that is looking. */
    public Probe probe() {
        return probe;
    }

    /** An access of memory in words: {@code write of 0x2 at 0xc0101234, 32 bits, was 0x1}. */
    public String access() {
        return access(address, bits, value, old, write);
    }

    /** The same of one that is remembered. */
    public static String access(int address, int bits, int value, int old, boolean write) {
        String made = String.format("%s of 0x%x at 0x%08x, %d bits", write ? "write" : "read", value, address, bits);
        return write ? made + String.format(", was 0x%x", old) : made;
    }

    /** Pauses the guest once this event is over. */
    public void stop(String reason) {
        stopReason = reason;
    }

    /** In a {@link Verb#REPLACE} action: what was replaced happens after all, with the arguments as they are then. */
    public void proceed() {
        proceeds = true;
    }

    void begin(Probe newProbe) {
        probe = newProbe;
        proceeds = false;
    }

    boolean proceeds() {
        return proceeds;
    }

    /** Why an action asked to stop, or null; asked once. */
    public String takeStopReason() {
        String reason = stopReason;
        stopReason = null;
        return reason;
    }
}
