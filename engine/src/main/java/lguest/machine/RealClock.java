package lguest.machine;

import lguest.cpu.CpuState;

/** The host's time: a second is a second. */
final class RealClock implements Clock {
    private final CpuState cpu;
    private long start = System.nanoTime();
    private final long wallStart;

    /** @param wallStart Unix time in nanoseconds at the guest's start */
    RealClock(CpuState cpu, long wallStart) {
        this.cpu = cpu;
        this.wallStart = wallStart;
    }

    @Override
    public long nanos() {
        return System.nanoTime() - start;
    }

    @Override
    public long wallNanos() {
        return wallStart + nanos();
    }

    /** An eighth of an instruction a nanosecond is less than the engine's best: looking too often costs little, too late would show. */
    @Override
    public long instructionsAt(long nanos) {
        return cpu.instructions + Math.max(1, (nanos - nanos()) / 8);
    }

    @Override
    public boolean runsByItself() {
        return true;
    }

    @Override
    public void skipTo(long nanos) {
    }

    @Override
    public void startFrom(long nanos) {
        start = System.nanoTime() - nanos;
    }

    @Override
    public long wallStart() {
        return wallStart;
    }
}
