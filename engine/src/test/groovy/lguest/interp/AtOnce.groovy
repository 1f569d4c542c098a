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
    /** @param everything also what has never been executed, as far as it can be reached */
    static Translator translator(CpuState cpu, LinearMemory mem, boolean everything = true) {
        new Translator(cpu, mem, { Runnable work -> work.run() }, new Tuning(0, Tuning.DEFAULT.instructions(), everything),
            { Source source, Throwable failed -> throw new IllegalStateException("translating at ${source.entry()}", failed) })
    }
}
