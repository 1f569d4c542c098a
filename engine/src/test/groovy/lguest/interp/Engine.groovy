package lguest.interp

import groovy.transform.CompileStatic
import lguest.cpu.CpuState
import lguest.mem.LinearMemory

/** What executes the code of a spec: each must find the same. */
@CompileStatic
enum Engine {
    INTERPRETER,
    /** Translates what is executed, before it is for the first time, into code of the first generation. */
    TRANSLATOR,
    /** And with it all code that can be reached from there, into code of the second. */
    TRANSLATOR_AHEAD,
    /** The latter, and all that is translated is interpreted, too, and compared. */
    BOTH

    Interpreter on(CpuState cpu, LinearMemory mem) {
        if (this == INTERPRETER) {
            return new Interpreter(cpu, mem)
        }
        new Interpreter(cpu, mem, AtOnce.translator(cpu, mem, this in [TRANSLATOR_AHEAD, BOTH], this == TRANSLATOR), this == BOTH)
    }

    String toString() {
        name().toLowerCase().replace('_', ' ')
    }
}
