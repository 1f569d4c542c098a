package lguest.debug;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.load.SymbolAt;
import lguest.machine.Guest;

/**
 * Who called whom. By frame pointers as far as they go: each EBP points to the caller's EBP, and above it lies the return address.
 * Where a function has only just been entered, its return address is still on top of the stack. Where the chain breaks off, or code
 * was compiled without frame pointers, what looks like a return address in the rest of the stack is a guess.
 */
public final class Backtrace {
    private static final int MOST = 64;
    private static final int PUSH_EBP = 0x55;
    /** Of a kernel's stack, which is aligned to its size. */
    private static final int STACK_BYTES = 8192;

    /**
     * One line of it.
     *
     * @param address linear: where it stands, or where it is come back to
     * @param symbol {@code printk+0x12}; null if none is near
     * @param guessed the stack says so by chance, perhaps
     */
    public record Frame(int number, int address, String symbol, boolean guessed) {
        @Override
        public String toString() {
            return String.format("#%-2d 0x%08x%s%s", number, address, symbol == null ? "" : "  " + symbol, guessed ? "  ?" : "");
        }
    }

    /**
     * Where the function that the guest is in goes when it is done.
     *
     * @param address linear
     * @param slot offset in the stack segment of the word that says so, unsigned
     */
    public record Return(int address, long slot) {
    }

    private final Guest guest;
    private final List<Frame> frames = new ArrayList<>();

    private Backtrace(Guest guest) {
        this.guest = guest;
    }

    /** The frames of a guest that does not run, the innermost first: at least the place where it stands. */
    public static List<Frame> of(Guest guest) {
        Backtrace trace = new Backtrace(guest);
        trace.walk();
        return trace.frames;
    }

    private void walk() {
        CpuState cpu = guest.cpu();
        int stack = cpu.segments[Segment.SS].base;
        add(cpu.segments[Segment.CS].base + cpu.eip, false);
        int seen = stack + cpu.regs[CpuState.ESP];
        Return entered = justEntered(guest);
        if (entered != null) {
            add(entered.address(), false);
            seen = stack + (int) entered.slot() + Integer.BYTES;
        }
        int frame = stack + cpu.regs[CpuState.EBP];
        // Stacks grow down, so a caller's frame lies higher; anything else is no chain of frames.
        while (frame != 0 && frames.size() < MOST && Integer.compareUnsigned(frame, seen) >= 0) {
            int[] words = words(guest, frame, 2);
            if (words == null || !comesBack(words[1])) {
                break;
            }
            add(words[1], false);
            seen = frame + 2 * Integer.BYTES;
            frame = words[0] == 0 ? 0 : stack + words[0];
        }
        if (frame != 0) {
            guess(seen);
        }
    }

    /** Looks through the rest of the stack. */
    private void guess(int from) {
        int end = (from | STACK_BYTES - 1) + 1;
        for (int at = from; at != end && frames.size() < MOST; at += Integer.BYTES) {
            int[] word = words(guest, at, 1);
            if (word == null) {
                return;
            }
            if (comesBack(word[0]) && symbolOffset(guest, word[0]) > 0) {
                add(word[0], true);
            }
        }
    }

    private void add(int address, boolean guessed) {
        frames.add(new Frame(frames.size(), address, guest.symbols().at(address).map(SymbolAt::toString).orElse(null), guessed));
    }

    private boolean comesBack(int address) {
        return Calls.endsAt(guest, address);
    }

    /** By its frame, or else by the first word on the stack that looks like a return address. @return null if it cannot be found */
    public static Return caller(Guest guest) {
        Return entered = justEntered(guest);
        if (entered != null) {
            return entered;
        }
        Return framed = at(guest, guest.cpu().regs[CpuState.EBP] + Integer.BYTES);
        if (framed != null && Calls.endsAt(guest, framed.address())) {
            return framed;
        }
        int top = guest.cpu().regs[CpuState.ESP];
        for (int slot = top; slot != (top | STACK_BYTES - 1) + 1; slot += Integer.BYTES) {
            Return guess = at(guest, slot);
            if (guess != null && Calls.endsAt(guest, guess.address())) {
                return guess;
            }
        }
        return null;
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
}
