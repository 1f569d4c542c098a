package lguest.host;

import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.mem.PageWalk;

/**
 * IN and OUT of a kernel that looks for hardware: there is none, and it must not learn so by a fault. IN reads ones,
 * OUT does nothing. Only the plain instructions, with at most one operand-size prefix; string I/O and anything else
 * that raises #GP(0) is the guest's own affair.
 */
final class InOut {
    private static final int OPERAND_SIZE = 0x66;

    private final CpuState cpu;
    private final GuestMemory memory;
    private final PageWalk walk;
    private final int pageOffset;
    private final boolean strict;
    private final HostObserver observer;

    InOut(Host host) {
        cpu = host.cpu;
        memory = host.memory;
        walk = host.walk;
        pageOffset = host.config.pageOffset();
        strict = host.config.strict();
        observer = host.observer;
    }

    /** Skips the instruction at EIP if it is IN or OUT of the kernel; the kernel is known by its address, not its ring. */
    boolean skip() {
        if (Integer.compareUnsigned(cpu.eip, pageOffset) < 0) {
            return false;
        }
        int first = code(cpu.eip);
        int prefixes = first == OPERAND_SIZE ? 1 : 0;
        int opcode = prefixes == 0 ? first : code(cpu.eip + 1);
        int length = switch (opcode) {
            case 0xE4, 0xE5, 0xE6, 0xE7 -> 2;
            case 0xEC, 0xED, 0xEE, 0xEF -> 1;
            default -> 0;
        };
        if (length == 0) {
            return false;
        }
        boolean input = (opcode & 2) == 0;
        boolean wide = (opcode & 1) != 0;
        int bits = !wide ? Byte.SIZE : prefixes == 0 ? Integer.SIZE : Short.SIZE;
        int ones = -1 >>> Integer.SIZE - bits;
        int port = length == 1 ? cpu.regs[CpuState.EDX] & 0xFFFF : code(cpu.eip + prefixes + 1) & 0xFF;
        observer.port(port, input ? ones : cpu.regs[CpuState.EAX] & ones, bits, !input, value -> {
            if (input) {
                int eax = cpu.regs[CpuState.EAX];
                cpu.regs[CpuState.EAX] = value == ones ? eax | ones(wide, prefixes != 0) : eax & ~ones | value & ones;
            }
            cpu.eip += prefixes + length;
        });
        return true;
    }

    /**
     * What IN sets in EAX: its operand. The original meant that too, but sets AX for AL, its upper half for AL with a
     * prefix and EAX for AX.
     */
    private int ones(boolean wide, boolean prefixed) {
        if (strict) {
            return wide ? -1 : prefixed ? 0xFFFF0000 : 0xFFFF;
        }
        return wide ? prefixed ? 0xFFFF : -1 : 0xFF;
    }

    /** A byte of code; -1 if it is not mapped any more. The original takes the kernel's code for linear memory. */
    private int code(int eip) {
        if (strict) {
            memory.checkRead(eip - pageOffset, 1);
            return memory.physical().read8(eip - pageOffset);
        }
        int at = cpu.segments[Segment.CS].base + eip;
        int page = walk.peek(at);
        return page == -1 ? -1 : memory.physical().read8(page & 0xFFFFF000 | at & 0xFFF);
    }
}
