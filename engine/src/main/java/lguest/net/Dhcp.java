package lguest.net;

import java.nio.ByteBuffer;

/** Tells the guest its address (RFC 2131): the same one whenever it asks. */
final class Dhcp {
    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;

    private static final byte BOOTREQUEST = 1;
    private static final byte BOOTREPLY = 2;
    private static final int OPTIONS = 240;
    private static final int COOKIE = 0x63825363;
    private static final int COOKIE_AT = 236;
    private static final int CHADDR = 28;
    private static final int CHADDR_BYTES = 16;
    private static final int DAY_SECONDS = 86_400;
    private static final int REPLY_BYTES = 300;

    private static final int SUBNET_MASK = 1;
    private static final int ROUTER = 3;
    private static final int NAME_SERVER = 6;
    private static final int REQUESTED_ADDRESS = 50;
    private static final int LEASE_TIME = 51;
    private static final int MESSAGE_TYPE = 53;
    private static final int SERVER = 54;
    private static final int PAD = 0;
    private static final int END = 255;

    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int INFORM = 8;

    private Dhcp() {
    }

    /** @return null if there is nothing to say */
    static byte[] answer(byte[] asked, int guest, int mask, int server, int nameServer) {
        ByteBuffer in = ByteBuffer.wrap(asked);
        if (asked.length < OPTIONS || asked[0] != BOOTREQUEST || in.getInt(COOKIE_AT) != COOKIE) {
            return null;
        }
        byte[] type = option(in, MESSAGE_TYPE, 1);
        byte[] chosen = option(in, SERVER, Integer.BYTES);
        if (type == null || chosen != null && ByteBuffer.wrap(chosen).getInt() != server) {
            return null;
        }
        byte[] wanted = option(in, REQUESTED_ADDRESS, Integer.BYTES);
        int address = wanted != null ? ByteBuffer.wrap(wanted).getInt() : in.getInt(12);
        int answer = switch (type[0]) {
            case DISCOVER -> OFFER;
            case REQUEST -> address == guest ? ACK : NAK;
            case INFORM -> ACK;
            default -> 0;
        };
        if (answer == 0) {
            return null;
        }
        ByteBuffer out = ByteBuffer.allocate(REPLY_BYTES);
        out.put(BOOTREPLY).put(asked, 1, 3).put(asked, 4, 4).putShort((short) 0).put(asked, 10, 2);
        out.put(asked, 12, 4).putInt(answer == NAK || type[0] == INFORM ? 0 : guest).putInt(server).put(asked, 24, 4);
        out.put(asked, CHADDR, CHADDR_BYTES).putInt(COOKIE_AT, COOKIE).position(OPTIONS);
        out.put((byte) MESSAGE_TYPE).put((byte) 1).put((byte) answer);
        put(out, SERVER, server);
        if (answer != NAK) {
            put(out, SUBNET_MASK, mask);
            put(out, ROUTER, server);
            put(out, NAME_SERVER, nameServer);
            if (type[0] != INFORM) {
                put(out, LEASE_TIME, DAY_SECONDS);
            }
        }
        return out.put((byte) END).array();
    }

    private static void put(ByteBuffer out, int option, int value) {
        out.put((byte) option).put((byte) Integer.BYTES).putInt(value);
    }

    /** @return the first bytes of an option; null if it is not there, or shorter */
    private static byte[] option(ByteBuffer in, int wanted, int bytes) {
        for (int at = OPTIONS; at < in.capacity();) {
            int option = in.get(at) & 0xFF;
            if (option == END) {
                return null;
            }
            if (option == PAD) {
                at++;
                continue;
            }
            int length = at + 1 < in.capacity() ? in.get(at + 1) & 0xFF : in.capacity();
            if (at + 2 + length > in.capacity()) {
                return null;
            }
            if (option == wanted && length >= bytes) {
                byte[] value = new byte[bytes];
                in.get(at + 2, value);
                return value;
            }
            at += 2 + length;
        }
        return null;
    }
}
