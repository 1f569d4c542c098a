package lguest.machine;

import lguest.cpu.CpuState;

/**
 * Time made of instructions: each takes ten nanoseconds, and idle waits are skipped. That is near what the engine really needs,
 * and it keeps short those loops of a booting kernel that wait for the next tick. The same guest with the same input sees the
 * same times, to the nanosecond.
 */
final class VirtualClock implements Clock {
    private static final long NANOS_PER_INSTRUCTION = 10;
    /** 2007-10-09, when Linux 2.6.23 came out: a fixed start for runs that are to repeat. */
    static final long DEFAULT_WALL_START = 1_191_963_600L * 1_000_000_000L;

    private final CpuState cpu;
    private final long wallStart;
    private long skipped;

    VirtualClock(CpuState cpu, long wallStart) {
        this.cpu = cpu;
        this.wallStart = wallStart;
    }

    @Override
    public long nanos() {
        return cpu.instructions * NANOS_PER_INSTRUCTION + skipped;
    }

    @Override
    public long wallNanos() {
        return wallStart + nanos();
    }

    @Override
    public long instructionsAt(long nanos) {
        return Math.floorDiv(nanos - skipped + NANOS_PER_INSTRUCTION - 1, NANOS_PER_INSTRUCTION);
    }

    @Override
    public boolean runsByItself() {
        return false;
    }

    @Override
    public void skipTo(long nanos) {
        skipped += Math.max(0, nanos - nanos());
    }

    @Override
    public void startFrom(long nanos) {
        skipped = nanos - cpu.instructions * NANOS_PER_INSTRUCTION;
    }

    @Override
    public long wallStart() {
        return wallStart;
    }
}
