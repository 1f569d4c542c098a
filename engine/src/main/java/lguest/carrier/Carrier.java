package lguest.carrier;

/** Something that carries a console both ways: what the guest prints, and what somebody types. */
interface Carrier extends AutoCloseable {
    /** Where it can be found, exactly. */
    ConsoleAddress address();

    /** Who is there has two seconds to take the rest. */
    @Override
    void close();
}
