package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.file.Path

/** The debug registers of the processor this test runs on, by way of dboracle.c. */
@CompileStatic
class DebugOracle {
    private static boolean tried
    private static DebugOracle found

    private final NativeProgram program

    private DebugOracle(NativeProgram program) {
        this.program = program
    }

    /** Null where there is none: no program, or a machine that keeps its debug registers to itself. */
    static synchronized DebugOracle here() {
        if (!tried) {
            tried = true
            NativeProgram program = NativeProgram.compile(Path.of('src/test/c/dboracle.c'))
            found = program == null ? null : new DebugOracle(program)
        }
        found
    }

    List<List<DebugStop>> ask(List<DebugCase> cases) {
        ByteBuffer answers = program.ask(DebugCase.requests(cases))
        cases.collect { DebugStop.read(answers) }
    }
}
