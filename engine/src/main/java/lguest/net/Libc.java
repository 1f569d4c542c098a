package lguest.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The system calls behind a TAP interface, of the C library. Each throws what it would have put into errno. */
final class Libc {
    static final int EPERM = 1;
    static final int EACCES = 13;
    static final int O_RDWR = 2;
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    static final short POLLIN = 1;

    static {
        Native.register(Libc.class, "c");
    }

    private Libc() {
    }

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    /** The C library's has a variable number of arguments; where Linux runs, one pointer is passed like any other. */
    static native int ioctl(int descriptor, NativeLong request, byte[] argument) throws LastErrorException;

    static native int ioctl(int descriptor, NativeLong request, NativeLong argument) throws LastErrorException;

    static native NativeLong read(int descriptor, ByteBuffer to, NativeLong bytes) throws LastErrorException;

    static native NativeLong write(int descriptor, byte[] from, NativeLong bytes) throws LastErrorException;

    /** @param polls 8 bytes each: descriptor s32, events s16, what there is s16 */
    static native int poll(ByteBuffer polls, NativeLong count, int timeoutMillis) throws LastErrorException;

    static native int eventfd(int value, int flags) throws LastErrorException;

    /** 0 if there is none. */
    static native int if_nametoindex(String interfaceName);

    private static native String strerror(int number);

    /** {@code <what>: <text of the system error>}. */
    static IOException failure(String what, LastErrorException failed) {
        return new IOException(what + ": " + strerror(failed.getErrorCode()), failed);
    }
}
