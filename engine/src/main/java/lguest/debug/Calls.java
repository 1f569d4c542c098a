package lguest.debug;

import java.util.Set;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.isa.Decoder;
import lguest.isa.Insn;
import lguest.machine.Guest;

/** What a guest's instructions call, for those who would step over it, or find out who did. */
public final class Calls {
    private static final Set<String> CALLING = Set.of("CALL", "INT", "INT3");
    private static final int[] CALL_BYTES = {5, 2, 3, 6, 7};

    private Calls() {
    }

    /** Where the guest comes back to from what its next instruction calls; where it stands, if that calls nothing. */
    public static int behind(Guest guest) {
        CpuState cpu = guest.cpu();
        int here = cpu.segments[Segment.CS].base + cpu.eip;
        Insn insn = decode(guest, here);
        return insn != null && CALLING.contains(insn.row().mnemonic(32)) ? here + insn.length() : here;
    }

    /** Whether the instruction that ends there is a CALL, so that the address may be one that a function returns to. */
    static boolean endsAt(Guest guest, int address) {
        if (guest.peek(address) == -1) {
            return false;
        }
        for (int lengthBytes : CALL_BYTES) {
            Insn insn = decode(guest, address - lengthBytes);
            if (insn != null && insn.length() == lengthBytes && insn.row().mnemonic(32).equals("CALL")) {
                return true;
            }
        }
        return false;
    }

    /** @return null where nothing is mapped */
    private static Insn decode(Guest guest, int address) {
        byte[] bytes = new byte[Decoder.MAX_LENGTH + 1];
        if (guest.readLinear(address, bytes) == 0) {
            return null;
        }
        int[] taken = {0};
        return Decoder.decode(() -> taken[0] < bytes.length ? bytes[taken[0]++] & 0xFF : 0, guest.cpu().segments[Segment.CS].big());
    }

    /** ESP, as an unsigned number. */
    public static long stack(Guest guest) {
        return Integer.toUnsignedLong(guest.cpu().regs[CpuState.ESP]);
    }
}
