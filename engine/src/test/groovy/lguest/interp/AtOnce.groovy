package lguest.interp

import groovy.transform.CompileStatic
import lguest.cpu.CpuState
import lguest.mem.LinearMemory
import lguest.translate.Source
import lguest.translate.Translator
import lguest.translate.Tuning

/** A translator that does not wait for code to become hot. */
@CompileStatic
class AtOnce {
    /** More often than any spec executes anything. */
    private static final int NEVER = Integer.MAX_VALUE

    /**
     * @param everything also what has never been executed, as far as it can be reached
     * @param quick of the first generation, made for C1
     */
    static Translator translator(CpuState cpu, LinearMemory mem, boolean everything = true, boolean quick = false) {
        new Translator(cpu, mem, { Runnable work -> work.run() }, new Tuning(0, Tuning.DEFAULT.instructions(), everything, quick ? NEVER : 0),
            { Source source, Throwable failed -> throw new IllegalStateException("translating at ${source.entry()}", failed) })
    }
}
