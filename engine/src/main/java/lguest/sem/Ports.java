package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * I/O ports (SDM vol. 1 "Input/Output"). The processor asks for permission and then leaves the loop; whoever runs it serves the
 * port and, for input, hands the value back with {@link #completeIn} or {@link #completeIns} before going on.
 */
public final class Ports {
    private Ports() {
    }

    /** IN: AL, AX or EAX from a port. */
    @Semantics
    public static void in(CpuState cpu, LinearMemory mem, int port, int bits, int self) {
        permit(cpu, mem, port, bits);
        ask(cpu, Leave.PORT_IN, port, bits, self);
    }

    /** OUT: AL, AX or EAX to a port. */
    @Semantics
    public static void out(CpuState cpu, LinearMemory mem, int port, int value, int sourceBits, int self) {
        permit(cpu, mem, port, sourceBits);
        cpu.leaveValue = value;
        ask(cpu, Leave.PORT_OUT, port, sourceBits, self);
    }

    /**
     * INS: ES:(E)DI from the port in DX, one item; with a repeat prefix it comes back to itself until the count is 0,
     * which needs permission even when it is 0 already. The
     * registers move on at once; {@link CpuState#leaveValue} is the linear address, known to be writable, where the value is due.
     */
    @Semantics
    public static void ins(CpuState cpu, LinearMemory mem, int port, int bits, int addressBits, int repeat, int self) {
        permit(cpu, mem, port, bits);
        if (repeat != 0 && cpu.reg(CpuState.ECX, addressBits) == 0) {
            return;
        }
        int linear = mem.linear(Segment.ES, cpu.reg(CpuState.EDI, addressBits), bits / 8, true);
        mem.touch(linear, bits / 8, true);
        advance(cpu, CpuState.EDI, bits, addressBits, repeat, self);
        cpu.leaveValue = linear;
        ask(cpu, Leave.PORT_IN_STRING, port, bits, self);
    }

    /** OUTS: the port in DX from the source segment's (E)SI, one item; repeats as INS. */
    @Semantics
    public static void outs(CpuState cpu, LinearMemory mem, int port, int segment, int sourceBits, int addressBits, int repeat,
            int self) {
        permit(cpu, mem, port, sourceBits);
        if (repeat != 0 && cpu.reg(CpuState.ECX, addressBits) == 0) {
            return;
        }
        cpu.leaveValue = mem.read(segment, cpu.reg(CpuState.ESI, addressBits), sourceBits);
        advance(cpu, CpuState.ESI, sourceBits, addressBits, repeat, self);
        ask(cpu, Leave.PORT_OUT, port, sourceBits, self);
    }

    /** Finishes an IN: the port's value, of which the low {@link CpuState#leaveBits} count. */
    public static void completeIn(CpuState cpu, int value) {
        cpu.setReg(CpuState.EAX, value, cpu.leaveBits);
    }

    /** Finishes one item of INS; it cannot fault. */
    public static void completeIns(CpuState cpu, LinearMemory mem, int value) {
        switch (cpu.leaveBits) {
            case 8 -> mem.write8(cpu.leaveValue, value);
            case 16 -> mem.write16(cpu.leaveValue, value);
            default -> mem.write32(cpu.leaveValue, value);
        }
    }

    private static void ask(CpuState cpu, Leave why, int port, int bits, int self) {
        cpu.leavePort = port & 0xFFFF;
        if (DebugRegisters.any(cpu)) {
            cpu.debugTrap |= DebugRegisters.ports(cpu, port & 0xFFFF, bits / 8);
        }
        cpu.leaveBits = bits;
        cpu.leaveEip = self;
        cpu.leave(why);
    }

    private static void advance(CpuState cpu, int index, int bits, int addressBits, int repeat, int self) {
        cpu.setReg(index, cpu.regs[index] + cpu.direction() * (bits / 8), addressBits);
        if (repeat != 0) {
            Strings.count(cpu, 1, addressBits);
            Strings.again(cpu, addressBits, self);
        }
    }

    /**
     * #GP(0) unless CPL is at most IOPL or the TSS's bitmap has a 0 for each byte of the port. In virtual-8086 mode the bitmap
     * alone decides. SDM vol. 1 "I/O Permission Bit Map".
     */
    static void permit(CpuState cpu, LinearMemory mem, int port, int bits) {
        if (!cpu.protectedMode() || cpu.cpl <= cpu.iopl() && !Segments.virtual8086(cpu)) {
            return;
        }
        int mask = (1 << bits / 8) - 1;
        if ((Tss.ioPermissions(cpu, mem, port & 0xFFFF) >>> (port & 7) & mask) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }
}
