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

    /** What is pushed, in this order: an error code is the last word of six. */
    private final int[] frame = new int[6];
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

    /** INT n as {@link #direct}, if its frame can be written without a walk through the page tables. @return whether it was */
    boolean passes(int vector) {
        Segment stack = cpu.segments[Segment.SS];
        boolean switches = switches(stack);
        if (!goodSelectors(switches)) {
            return false;
        }
        choose(stack, switches);
        int words = fill(stack, switches, cpu.eflags());
        if (mask != -1 || !linear.systemWritable(base + esp - words * 4) || !linear.systemWritable(base + esp - 1)) {
            return false;
        }
        pushFrame(words, false);
        enter(vector, switches);
        cpu.eflagsRest &= ~CLEARED;
        return true;
    }

    private static boolean switches(Segment stack) {
        return (stack.selector & RPL) != HostDescriptors.GUEST_PL;
    }

    private boolean goodSelectors(boolean switches) {
        return (!switches || descriptors.isStack(kernelStack.selector(), HostDescriptors.GUEST_PL))
            && descriptors.isCode(HostDescriptors.KERNEL_CS);
    }

    private void choose(Segment stack, boolean switches) {
        if (switches) {
            base = descriptors.base(kernelStack.selector());
            mask = -1;
            esp = kernelStack.pointer();
        } else {
            base = stack.base;
            mask = stack.big() ? -1 : 0xFFFF;
            esp = cpu.regs[CpuState.ESP];
        }
    }

    /** Nothing of the processor changes unless the whole frame could be written. */
    private void push(int vector, boolean hasErrorCode, int errorCode, int flags, boolean physically) {
        Segment stack = cpu.segments[Segment.SS];
        boolean switches = switches(stack);
        if (!goodSelectors(switches)) {
            throw descriptors.badSelector();
        }
        choose(stack, switches);
        int words = fill(stack, switches, flags);
        if (hasErrorCode) {
            frame[words++] = errorCode;
        }
        try {
            pushFrame(words, physically);
        } catch (CpuFault noStack) {
            // A second fault would need the same stack: this is where a processor shuts down.
            throw new GuestKilled("bad stack address %#x for trap %d at %#x", cpu.cr2, vector, cpu.eip);
        }
        enter(vector, switches);
    }

    /** Begins the frame, with all but an error code. @return how many words that are */
    private int fill(Segment stack, boolean switches, int flags) {
        int words = 0;
        if (switches) {
            frame[words++] = stack.selector;
            frame[words++] = cpu.regs[CpuState.ESP];
        }
        frame[words++] = flags;
        frame[words++] = cpu.segments[Segment.CS].selector;
        frame[words++] = cpu.eip;
        return words;
    }

    /** The frame has been written: the handler is next. */
    private void enter(int vector, boolean switches) {
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

    private void pushFrame(int words, boolean physically) {
        if (!physically && mask == -1 && linear.systemPushQuietly(base + esp, frame, words)) {
            esp -= words * 4;
            return;
        }
        for (int i = 0; i < words; i++) {
            push(frame[i], physically);
        }
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
