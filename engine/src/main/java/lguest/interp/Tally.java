package lguest.interp;

import lguest.cpu.CpuState;

/** Keeps {@link CpuState#instructions} right where translated code executes, which counts {@link CpuState#budget} down instead. */
final class Tally {
    private final CpuState cpu;
    private final Statistics statistics;
    /** The budget when the instructions were right. */
    private int given;

    Tally(CpuState cpu, Statistics statistics) {
        this.cpu = cpu;
        this.statistics = statistics;
    }

    /** Translated code may execute so many instructions. */
    void give(int budget) {
        given = budget;
        cpu.budget = budget;
    }

    /** What it has executed since is among the instructions now. */
    void count() {
        int executed = given - cpu.budget;
        cpu.instructions += executed;
        statistics.translated += executed;
        given = cpu.budget;
    }

    /** So many were interpreted at its expense. */
    void interpreted(int instructions) {
        cpu.instructions += instructions;
        cpu.budget -= instructions;
        given = cpu.budget;
    }
}
