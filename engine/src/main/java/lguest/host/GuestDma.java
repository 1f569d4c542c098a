package lguest.host;

import lguest.cpu.GuestKilled;
import lguest.device.Dma;
import lguest.device.DmaPort;
import lguest.device.Parcel;
import lguest.mem.PhysicalMemory;

/**
 * DMA from guest to guest. The sender's Host gathers, the receiver's Host scatters; each checks its own guest's list, and the guest
 * whose list is bad dies. Unlike the original, a section of the sender that ends up in two of the receiver goes on where it was
 * cut: there, it began anew.
 */
final class GuestDma {
    private static final int ADDR = 4;
    private static final int LEN = 0x44;

    private final GuestMemory memory;
    private final DmaTable bindings;
    private final Interrupts interrupts;

    GuestDma(GuestMemory memory, DmaTable bindings, Interrupts interrupts) {
        this.memory = memory;
        this.bindings = bindings;
        this.interrupts = interrupts;
    }

    /**
     * SEND_DMA on a shared key.
     *
     * @return {@code used_len} of the struct afterwards
     * @throws GuestKilled {@code bad DMA entry} if the list is bad and there was somebody with a buffer for it
     */
    int send(int key, int dma) {
        memory.checkRead(dma, Dma.BYTES);
        int bad = firstBad(dma);
        int used = bindings.send(key, bad < 0 ? new Parcel(gather(dma), true) : new Parcel(new byte[0], false));
        if (used == Parcel.UNSOUND) {
            throw badEntry(dma, bad);
        }
        if (used >= 0) {
            memory.write32(dma, used);
        }
        return memory.read32(dma);
    }

    /**
     * Another guest sends here.
     *
     * @return bytes transferred, or a constant of {@link Parcel}
     * @throws GuestKilled if this guest's list is bad
     */
    int receive(int key, Parcel parcel) {
        int slot = bindings.newest(bindings.identity(key));
        if (slot < 0) {
            return Parcel.NOBODY;
        }
        int dma = bindings.next(slot);
        if (dma == DmaPort.BUSY) {
            interrupts.raise(bindings.line(slot));
            return Parcel.FULL;
        }
        int bad = firstBad(dma);
        if (bad >= 0) {
            throw badEntry(dma, bad);
        }
        if (!parcel.sound()) {
            return Parcel.UNSOUND;
        }
        int used = scatter(dma, parcel.bytes());
        if (used > 0 || parcel.bytes().length == 0) {
            memory.write32(dma, used);
            bindings.advance(slot);
            interrupts.raise(bindings.line(slot));
        }
        return used;
    }

    // ---- lists

    /** @return the first section that the Host does not accept; -1 if there is none */
    private int firstBad(int dma) {
        for (int i = 0; i < Dma.SECTIONS && length(dma, i) != 0; i++) {
            int addr = address(dma, i);
            int len = length(dma, i);
            boolean inOnePage = (addr & PhysicalMemory.PAGE_BYTES - 1) + len <= PhysicalMemory.PAGE_BYTES;
            if (!inOnePage || !memory.acceptable(addr, len)) {
                return i;
            }
        }
        return -1;
    }

    private GuestKilled badEntry(int dma, int section) {
        return new GuestKilled("bad DMA entry: %d@%#x", length(dma, section), address(dma, section));
    }

    private byte[] gather(int dma) {
        int total = 0;
        for (int i = 0; i < Dma.SECTIONS && length(dma, i) != 0; i++) {
            total += length(dma, i);
        }
        byte[] bytes = new byte[total];
        for (int i = 0, done = 0; done < total; done += length(dma, i++)) {
            memory.physical().read(address(dma, i), bytes, done, length(dma, i));
        }
        return bytes;
    }

    private int scatter(int dma, byte[] bytes) {
        int done = 0;
        for (int i = 0; i < Dma.SECTIONS && length(dma, i) != 0 && done < bytes.length; i++) {
            int chunk = Math.min(length(dma, i), bytes.length - done);
            memory.physical().write(address(dma, i), bytes, done, chunk);
            done += chunk;
        }
        return done;
    }

    private int address(int dma, int section) {
        return memory.physical().read32(dma + ADDR + 4 * section);
    }

    private int length(int dma, int section) {
        return memory.physical().read16(dma + LEN + 2 * section);
    }
}
