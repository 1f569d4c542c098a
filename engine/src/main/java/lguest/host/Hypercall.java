package lguest.host;

/**
 * One call of the guest, as observers see it. The Host has one of these and fills it in again for every call: copy what
 * must last. Observers may change the arguments before the call and the result before or after it.
 */
public final class Hypercall {
    public int number;
    public int a1;
    public int a2;
    public int a3;
    /**
     * What EAX will hold when the guest goes on. Only BIND_DMA changes it; other calls leave their number there. Calls
     * from the ring have no result.
     */
    public int result;
    /** Whether it came from the ring. */
    public boolean asynchronous;

    Hypercall with(int newNumber, int newA1, int newA2, int newA3, boolean fromRing) {
        number = newNumber;
        a1 = newA1;
        a2 = newA2;
        a3 = newA3;
        result = newNumber;
        asynchronous = fromRing;
        return this;
    }
}
