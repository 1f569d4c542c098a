package lguest.net;

/** What one end of a TCP connection is for. Everything is called on the guest's thread. */
interface TcpApplication {
    /** Both ends know of the connection. */
    default void opened() {
    }

    /** There is something to {@link TcpConnection#read}. */
    void readable();

    /** There is {@link TcpConnection#room} again. */
    default void writable() {
    }

    /** The other end will say no more; what it has said may still be to be read. */
    void ended();

    /** The connection is gone: closed by both ends, or broken. */
    void gone(boolean broken);
}
