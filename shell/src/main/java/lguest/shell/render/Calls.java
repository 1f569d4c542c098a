package lguest.shell.render;

import java.util.Set;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.isa.Decoder;
import lguest.isa.Insn;
import lguest.machine.Guest;

/** What a guest's next instruction calls, for those who would step over it. */
public final class Calls {
    private static final Set<String> CALLING = Set.of("CALL", "INT", "INT3");

    private Calls() {
    }

    /** Where the guest comes back to from what its next instruction calls; where it stands, if that calls nothing. */
    public static int behind(Guest guest) {
        CpuState cpu = guest.cpu();
        int here = cpu.segments[Segment.CS].base + cpu.eip;
        byte[] bytes = new byte[Decoder.MAX_LENGTH + 1];
        if (guest.readLinear(here, bytes) == 0) {
            return here;
        }
        int[] taken = {0};
        Insn insn = Decoder.decode(() -> taken[0] < bytes.length ? bytes[taken[0]++] & 0xFF : 0, cpu.segments[Segment.CS].big());
        return CALLING.contains(insn.row().mnemonic(32)) ? here + insn.length() : here;
    }

    /** ESP, as an unsigned number. */
    public static long stack(Guest guest) {
        return Integer.toUnsignedLong(guest.cpu().regs[CpuState.ESP]);
    }
}
