package lguest.load;

/**
 * A name for an address of the guest.
 *
 * @param address linear, unsigned
 * @param sizeBytes 0 if unknown
 * @param type the letter of {@code nm}: T code, D data, B zeroed data, R constants, A not an address; small letters are local
 */
public record Symbol(String name, int address, int sizeBytes, char type) {
    private static final int BEST = 3;

    /** The address as the unsigned number it is. */
    long unsignedAddress() {
        return Integer.toUnsignedLong(address);
    }

    /** Of several names of one address, the one people know best has the highest rank: functions first, then global names. */
    int rank() {
        int rank = Character.isUpperCase(type) ? 1 : 0;
        return Character.toUpperCase(type) == 'T' ? rank + BEST - 1 : rank;
    }

    /** Whether the value is an address at all. */
    boolean located() {
        return Character.toUpperCase(type) != 'A';
    }
}
