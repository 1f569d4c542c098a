package lguest.machine;

import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/** Linear memory of a guest as somebody outside sees it: what is mapped now, without faults and without Accessed and Dirty bits. */
final class MappedMemory {
    private final String guest;
    private final LinearMemory linear;
    private final PhysicalMemory physical;

    MappedMemory(String guest, LinearMemory linear) {
        this.guest = guest;
        this.linear = linear;
        physical = linear.physical();
    }

    /** The physical address behind a linear one, -1 if nothing is mapped there. */
    int peek(int address) {
        int page = linear.walk().peek(address);
        return page == -1 ? -1 : page & 0xFFFFF000 | address & 0xFFF;
    }

    /** Reads as far as it is mapped. @return bytes read, from the front */
    int read(int address, byte[] to) {
        for (int done = 0; done < to.length;) {
            int at = address + done;
            int chunk = Math.min(to.length - done, PhysicalMemory.PAGE_BYTES - (at & 0xFFF));
            int from = peek(at);
            if (from == -1) {
                return done;
            }
            physical.read(from, to, done, chunk);
            done += chunk;
        }
        return to.length;
    }

    /** A number of so many bits, little end first; what is not mapped is 0. */
    int number(int address, int bits) {
        byte[] bytes = new byte[bits / Byte.SIZE];
        read(address, bytes);
        int value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[i] & 0xFF;
        }
        return value;
    }

    /** @throws AddressException if a page of it is not mapped; then nothing is written */
    void write(int address, byte[] from) {
        for (int at = address & 0xFFFFF000; Integer.compareUnsigned(at - (address & 0xFFFFF000), (address & 0xFFF) + from.length) < 0;
             at += PhysicalMemory.PAGE_BYTES) {
            if (peek(at) == -1) {
                throw new AddressException(guest, at);
            }
        }
        for (int done = 0; done < from.length;) {
            int chunk = Math.min(from.length - done, PhysicalMemory.PAGE_BYTES - (address + done & 0xFFF));
            physical.write(peek(address + done), from, done, chunk);
            done += chunk;
        }
    }
}
