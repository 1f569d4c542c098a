package lguest.libc;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The calls of Linux's C library that Java has none for. Each throws what it would have put into errno. */
public final class Libc {
    public static final int EPERM = 1;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int O_RDWR = 2;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int AF_INET = 2;
    public static final int SOCK_DGRAM = 2;
    public static final short POLLIN = 1;
    public static final short POLLOUT = 4;
    public static final short POLLHUP = 16;
    public static final int IN_ACCESS = 1;
    public static final int IN_CLOSE_WRITE = 8;
    public static final int TCSANOW = 0;

    static {
        Native.register(Libc.class, "c");
    }

    private Libc() {
    }

    public static native int open(String path, int flags) throws LastErrorException;

    public static native int close(int descriptor) throws LastErrorException;

    public static native int socket(int domain, int type, int protocol) throws LastErrorException;

    /** The C library's has a variable number of arguments; where Linux runs, one pointer is passed like any other. */
    public static native int ioctl(int descriptor, NativeLong request, byte[] argument) throws LastErrorException;

    public static native int ioctl(int descriptor, NativeLong request, NativeLong argument) throws LastErrorException;

    public static native NativeLong read(int descriptor, ByteBuffer to, NativeLong bytes) throws LastErrorException;

    public static native NativeLong write(int descriptor, byte[] from, NativeLong bytes) throws LastErrorException;

    /** @param polls 8 bytes each: descriptor s32, events s16, what there is s16 */
    public static native int poll(ByteBuffer polls, NativeLong count, int timeoutMillis) throws LastErrorException;

    public static native int eventfd(int value, int flags) throws LastErrorException;

    public static native int inotify_init1(int flags) throws LastErrorException;

    public static native int inotify_add_watch(int descriptor, String path, int events) throws LastErrorException;

    public static native int posix_openpt(int flags) throws LastErrorException;

    public static native int grantpt(int descriptor) throws LastErrorException;

    public static native int unlockpt(int descriptor) throws LastErrorException;

    /** @return the number of an error; 0 if there is none */
    public static native int ptsname_r(int descriptor, byte[] name, NativeLong bytes);

    /** @param settings a {@code struct termios}: room for all of it */
    public static native int tcgetattr(int descriptor, byte[] settings) throws LastErrorException;

    public static native int tcsetattr(int descriptor, int when, byte[] settings) throws LastErrorException;

    public static native void cfmakeraw(byte[] settings);

    /** 0 if there is none. */
    public static native int if_nametoindex(String interfaceName);

    /** The text of a system error. */
    private static native String strerror(int number);

    /** {@code <what>: <text of the system error>}. */
    public static IOException failure(String what, LastErrorException failed) {
        return new IOException(what + ": " + strerror(failed.getErrorCode()), failed);
    }
}
