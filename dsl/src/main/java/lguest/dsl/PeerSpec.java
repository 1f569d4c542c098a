package lguest.dsl;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;

/** The words inside {@code peer('net') { }}: a program among the guests of a shared net. */
public interface PeerSpec {
    /** @param address {@code '02:00:00:00:07:00'}, which is also what it is if nothing is said; the first byte not 0 */
    void mac(Object address);

    /** Hears every frame, whoever it is for. */
    void promiscuous();

    /**
     * What to do with each frame.
     *
     * @param action gets a {@code byte[]}: destination, source, type, payload. It runs on the thread of the guest that sends, or
     *     one that serves another process, one frame at a time
     */
    void received(@DelegatesTo(value = PeerSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> action);

    /**
     * Sends a frame to everyone it is for; who has no free buffer misses it.
     *
     * @param frame 14 to 1514 bytes
     * @return how many it is for
     */
    int send(byte[] frame);
}
