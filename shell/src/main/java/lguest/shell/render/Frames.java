package lguest.shell.render;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.load.SymbolAt;
import lguest.machine.Guest;

/**
 * Who called whom, by frame pointers: each EBP points to the caller's EBP, and above it lies the return address. Where a function
 * has only just been entered, its return address is still on top of the stack. Code compiled without frame pointers ends the chain
 * early or leaves callers out.
 */
public final class Frames {
    private static final int MOST = 64;
    private static final int PUSH_EBP = 0x55;

    private Frames() {
    }

    /** One line per frame, the innermost first: {@code #1  0xc0101300  printk+0x12}. */
    public static String of(Guest guest) {
        CpuState cpu = guest.cpu();
        int eip = cpu.segments[Segment.CS].base + cpu.eip;
        int stack = cpu.segments[Segment.SS].base;
        StringBuilder out = new StringBuilder(line(guest, 0, eip));
        int number = 1;
        Return entered = justEntered(guest);
        if (entered != null) {
            out.append('\n').append(line(guest, number++, entered.address()));
        }
        int frame = stack + cpu.regs[CpuState.EBP];
        for (; number <= MOST && frame != 0; number++) {
            int[] words = words(guest, frame, 2);
            if (words == null || guest.peek(words[1]) == -1) {
                break;
            }
            out.append('\n').append(line(guest, number, words[1]));
            // Stacks grow down, so a caller's frame lies higher; anything else is no chain of frames.
            if (Integer.compareUnsigned(words[0], frame) <= 0) {
                break;
            }
            frame = words[0];
        }
        return out.toString();
    }

    /**
     * Where the function that the guest is in goes when it is done.
     *
     * @param address linear
     * @param slot offset in the stack segment of the word that says so, unsigned
     */
    public record Return(int address, long slot) {
    }

    /** @return null if it cannot be found */
    public static Return caller(Guest guest) {
        Return entered = justEntered(guest);
        return entered != null ? entered : at(guest, guest.cpu().regs[CpuState.EBP] + Integer.BYTES);
    }

    /** Of a function that has no frame of its own yet; null if there is one, or no symbol tells. */
    private static Return justEntered(Guest guest) {
        int eip = guest.cpu().segments[Segment.CS].base + guest.cpu().eip;
        int into = symbolOffset(guest, eip);
        return into == 0 || into == 1 && byteAt(guest, eip - 1) == PUSH_EBP
            ? at(guest, guest.cpu().regs[CpuState.ESP] + Integer.BYTES * into) : null;
    }

    private static Return at(Guest guest, int slot) {
        int[] word = words(guest, guest.cpu().segments[Segment.SS].base + slot, 1);
        return word == null || guest.peek(word[0]) == -1 ? null : new Return(word[0], Integer.toUnsignedLong(slot));
    }

    /** How far into its function an address is; -1 if that is not known. */
    private static int symbolOffset(Guest guest, int address) {
        return guest.symbols().at(address).map(SymbolAt::offset).orElse(-1);
    }

    private static int byteAt(Guest guest, int address) {
        byte[] one = new byte[1];
        return guest.readLinear(address, one) == 1 ? one[0] & 0xFF : -1;
    }

    /** @return null if they are not mapped */
    private static int[] words(Guest guest, int address, int count) {
        byte[] bytes = new byte[count * Integer.BYTES];
        if (guest.readLinear(address, bytes) < bytes.length) {
            return null;
        }
        int[] words = new int[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    private static String line(Guest guest, int number, int address) {
        String symbol = guest.symbols().at(address).map(found -> "  " + found).orElse("");
        return String.format("#%-2d 0x%08x%s", number, address, symbol);
    }
}
