package lguest.host;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.GuestKilled;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * How the guest kernel is made to run a handler: the frame the processor would push, on the stack it would use.
 *
 * <pre>
 * SS, ESP      only if the trap came from another ring
 * EFLAGS, CS, EIP
 * error code   only for vectors that have one
 * </pre>
 */
final class Entry {
    private static final int RPL = 3;
    /** What the processor clears on its way through a gate (SDM vol. 3A "Flag Usage By Exception..."). */
    private static final int CLEARED = Eflags.TF | Eflags.NT | Eflags.RF | Eflags.VM;

    private final CpuState cpu;
    private final LinearMemory linear;
    private final GuestMemory memory;
    private final LguestData data;
    private final HostDescriptors descriptors;
    private final Gates gates;
    private final KernelStack kernelStack;
    private final int pageOffset;
    private final boolean strict;

    /** The stack being pushed to. */
    private int base;
    private int mask;
    private int esp;

    Entry(Host host) {
        cpu = host.cpu;
        linear = host.linear;
        memory = host.memory;
        data = host.data;
        descriptors = host.descriptors;
        gates = host.gates;
        kernelStack = host.kernelStack;
        pageOffset = host.config.pageOffset();
        strict = host.config.strict();
    }

    /**
     * Through the Host: the frame shows the virtual interrupt flag, and an interrupt gate clears it. The vector's gate
     * must be present.
     */
    void reflect(int vector, int errorCode) {
        int flags = cpu.eflags();
        if ((data.irqEnabled() & Eflags.IF) == 0) {
            flags &= ~Eflags.IF;
        }
        // The original takes the kernel's stack for linear memory at PAGE_OFFSET and leaves all flags set.
        push(vector, Vector.hasErrorCode(vector), errorCode, flags, strict);
        if (!strict) {
            cpu.eflagsRest &= ~CLEARED;
        }
        if (gates.isInterruptGate(vector)) {
            data.irqEnabled(0);
        }
    }

    /**
     * As the processor does it, through a trap gate: the frame shows IF as it really is, always set.
     *
     * @param software whether INT n came here: it has no error code, whatever the vector
     */
    void direct(int vector, int errorCode, boolean software) {
        push(vector, !software && Vector.hasErrorCode(vector), errorCode, cpu.eflags(), false);
        cpu.eflagsRest &= ~CLEARED;
    }

    /** Nothing of the processor changes unless the whole frame could be written. */
    private void push(int vector, boolean hasErrorCode, int errorCode, int flags, boolean physically) {
        Segment stack = cpu.segments[Segment.SS];
        boolean switches = (stack.selector & RPL) != HostDescriptors.GUEST_PL;
        if (switches && !descriptors.isStack(kernelStack.selector(), HostDescriptors.GUEST_PL)
            || !descriptors.isCode(HostDescriptors.KERNEL_CS)) {
            throw descriptors.badSelector();
        }
        if (switches) {
            base = descriptors.base(kernelStack.selector());
            mask = -1;
            esp = kernelStack.pointer();
        } else {
            base = stack.base;
            mask = stack.big() ? -1 : 0xFFFF;
            esp = cpu.regs[CpuState.ESP];
        }
        try {
            if (switches) {
                push(stack.selector, physically);
                push(cpu.regs[CpuState.ESP], physically);
            }
            push(flags, physically);
            push(cpu.segments[Segment.CS].selector, physically);
            push(cpu.eip, physically);
            if (hasErrorCode) {
                push(errorCode, physically);
            }
        } catch (CpuFault noStack) {
            // A second fault would need the same stack: this is where a processor shuts down.
            throw new GuestKilled("bad stack address %#x for trap %d at %#x", cpu.cr2, vector, cpu.eip);
        }
        if (switches) {
            descriptors.load(Segment.SS, kernelStack.selector());
        }
        cpu.regs[CpuState.ESP] = esp;
        descriptors.load(Segment.CS, HostDescriptors.KERNEL_CS);
        linear.setCpl(HostDescriptors.GUEST_PL);
        cpu.eip = gates.offset(vector);
        cpu.interruptShadow = false;
        cpu.debugShadow = false;
    }

    private void push(int value, boolean physically) {
        int next = esp & ~mask | esp - 4 & mask;
        if (physically) {
            memory.write32(next - pageOffset, value);
        } else {
            linear.systemWrite32(base + (next & mask), value);
        }
        esp = next;
    }
}
