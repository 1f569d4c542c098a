package lguest.machine;

import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.Vector;
import lguest.device.Bus;
import lguest.interp.Exits;
import lguest.probe.Probes;

/**
 * What a guest asks for all the time, calls of the Host and faults, answered without ending its stretch of instructions. It goes as it
 * would if {@link RunLoop} had done it: where anything is to be done in between that the loop would do, it is left to the loop.
 */
final class Answers implements Exits {
    /** After so many the loop has a look, as some take long and nobody counts how long. */
    private static final int MOST = 64;

    private final RunLoop loop;
    private final CpuState cpu;
    private final Machine machine;
    private final Clock clock;
    private final Bus bus;
    private final Probes probes;
    private final Outside outside;
    /** The count of instructions at which the stretch began. */
    private long began;
    private long deadline;
    private Until until;
    /** How many answers there were in this stretch. */
    private int given;

    Answers(RunLoop loop, GuestParts parts) {
        this.loop = loop;
        cpu = parts.cpu();
        machine = parts.machine();
        clock = parts.clock();
        bus = parts.bus();
        probes = parts.probes().get();
        outside = parts.outside();
    }

    /**
     * A stretch of instructions begins.
     *
     * @param nextDeadline that of devices and the Host; if it moves, so does the end of the stretch
     * @param limit of the run
     */
    void begin(long nextDeadline, Until limit) {
        began = cpu.instructions;
        deadline = nextDeadline;
        until = limit;
        given = 0;
    }

    /** Whether nobody looks, and this is not where the stretch began, of which the loop may know more. */
    private boolean admits() {
        return !watched() && cpu.instructions > began && given++ < MOST && !traps();
    }

    /** Whether anybody may stop the guest or act. A probe may be new. */
    private boolean watched() {
        return !probes.isEmpty() || outside.watched();
    }

    private boolean traps() {
        return (cpu.eflagsRest & Eflags.TF) != 0 || cpu.debugTrap != 0;
    }

    @Override
    public boolean left() {
        if (cpu.leave != Leave.SOFTWARE_INTERRUPT || !admits()) {
            return false;
        }
        try {
            return loop.serve();
        } finally {
            cpu.leave = Leave.NONE;
        }
    }

    @Override
    public boolean fault(CpuFault fault) {
        if (fault.vector() == Vector.DB || !admits()) {
            return false;
        }
        try {
            loop.deliver(fault);
        } catch (Watcher.StopBeforeDelivery stopped) {
            // Of a probe that is new. EIP is still at the instruction, which will fault again when the guest goes on.
        }
        return true;
    }

    @Override
    public boolean goesOn() {
        if (isLoopNeeded() || bus.inputPending() || until.reached() || deadline != Long.MAX_VALUE && deadline <= clock.nanos()) {
            return false;
        }
        // The guest's ring may ask for anything.
        loop.pollIfDue();
        cpu.interruptShadow = false;
        return !isLoopNeeded() && !machine.interruptPending();
    }

    private boolean isLoopNeeded() {
        return watched() || loop.isAsked() || machine.halted() || loop.deadline() != deadline || traps();
    }
}
