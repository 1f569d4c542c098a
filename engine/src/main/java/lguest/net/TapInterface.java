package lguest.net;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import lguest.libc.Libc;

/**
 * A TAP interface of the host while it is set up: Linux's {@code struct ifreq} and what it is for.
 *
 * <pre>
 * 0 name  16 bytes    16 flags u16, or index s32, or an address: family u16, port u16, address (of a card: at 18)
 * </pre>
 */
final class TapInterface {
    private static final String DEVICE = "/dev/net/tun";
    private static final int IFREQ_BYTES = 40;
    private static final int NAME_BYTES = 16;
    private static final int VALUE = 16;
    private static final int IP_ADDRESS = 20;
    private static final int CARD_ADDRESS = 18;
    private static final int MAC_BYTES = 6;

    private static final short IFF_UP = 1;
    /** A TAP interface, without packet information in front of frames. */
    private static final short IFF_TAP_NO_PI = 0x1002;

    private static final NativeLong TUNSETNOCSUM = new NativeLong(0x400454C8L);
    private static final NativeLong TUNSETIFF = new NativeLong(0x400454CAL);
    private static final NativeLong SIOCSIFFLAGS = new NativeLong(0x8914);
    private static final NativeLong SIOCSIFADDR = new NativeLong(0x8916);
    private static final NativeLong SIOCGIFHWADDR = new NativeLong(0x8927);
    private static final NativeLong SIOCBRADDIF = new NativeLong(0x89A2);

    private final int descriptor;
    private final String name;

    private TapInterface(int descriptor, String name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /** Makes an interface, which is there as long as its descriptor is open. */
    static TapInterface create() throws IOException {
        int descriptor;
        try {
            descriptor = Libc.open(DEVICE, Libc.O_RDWR);
        } catch (LastErrorException failed) {
            throw refused("Failed to open " + DEVICE, failed);
        }
        try {
            ByteBuffer request = request("tap%d").putShort(VALUE, IFF_TAP_NO_PI);
            call(descriptor, TUNSETIFF, request);
            String name = new String(request.array(), 0, NAME_BYTES, StandardCharsets.US_ASCII);
            return new TapInterface(descriptor, name.substring(0, name.indexOf('\0')));
        } catch (LastErrorException failed) {
            Libc.close(descriptor);
            throw refused("configuring " + DEVICE, failed);
        }
    }

    private static IOException refused(String what, LastErrorException failed) {
        boolean privilege = failed.getErrorCode() == Libc.EPERM || failed.getErrorCode() == Libc.EACCES;
        IOException refused = Libc.failure(what, failed);
        return privilege ? new IOException(refused.getMessage() + " (a TAP interface takes root; --usernet does not)", failed) : refused;
    }

    int descriptor() {
        return descriptor;
    }

    /** {@code tap0}. */
    String name() {
        return name;
    }

    /** The guest is trusted with the checksums of what it sends. Kernels that no longer want to know are fine, too. */
    void trustChecksums() {
        try {
            Libc.ioctl(descriptor, TUNSETNOCSUM, new NativeLong(1));
        } catch (LastErrorException unknown) {
            if (unknown.getErrorCode() == Libc.EPERM) {
                throw unknown;
            }
        }
    }

    /**
     * Adds it to a bridge, if one is named, gives it an address and brings it up.
     *
     * @param bridge null if there is none
     * @return its MAC address
     */
    byte[] configure(int address, String bridge) throws IOException {
        int socket;
        try {
            socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0);
        } catch (LastErrorException failed) {
            throw Libc.failure("opening IP socket", failed);
        }
        try {
            if (bridge != null) {
                addTo(bridge, socket);
            }
            step(socket, SIOCSIFADDR, "Setting " + name + " interface address", request(name).putShort(VALUE, (short) Libc.AF_INET)
                .order(ByteOrder.BIG_ENDIAN).putInt(IP_ADDRESS, address));
            step(socket, SIOCSIFFLAGS, "Bringing interface " + name + " up", request(name).putShort(VALUE, IFF_UP));
            ByteBuffer answer = request(name);
            step(socket, SIOCGIFHWADDR, "getting hw address for " + name, answer);
            byte[] mac = new byte[MAC_BYTES];
            answer.get(CARD_ADDRESS, mac);
            return mac;
        } finally {
            Libc.close(socket);
        }
    }

    private void addTo(String bridge, int socket) throws IOException {
        int index = Libc.if_nametoindex(name);
        if (index == 0) {
            throw new IOException("interface " + name + " does not exist!");
        }
        step(socket, SIOCBRADDIF, "can't add " + name + " to bridge " + bridge, request(bridge).putInt(VALUE, index));
    }

    private static ByteBuffer request(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(IFREQ_BYTES).order(ByteOrder.nativeOrder()).put(0, text, 0, Math.min(text.length, NAME_BYTES - 1));
    }

    private static void call(int descriptor, NativeLong request, ByteBuffer argument) {
        Libc.ioctl(descriptor, request, argument.array());
    }

    private static void step(int socket, NativeLong request, String what, ByteBuffer argument) throws IOException {
        try {
            call(socket, request, argument);
        } catch (LastErrorException failed) {
            throw Libc.failure(what, failed);
        }
    }
}
