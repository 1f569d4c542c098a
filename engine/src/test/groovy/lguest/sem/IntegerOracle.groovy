package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.file.Path

/** The processor this test runs on, by way of a small C program. */
@CompileStatic
class IntegerOracle {
    private static boolean tried
    private static IntegerOracle found

    private final NativeProgram program

    private IntegerOracle(NativeProgram program) {
        this.program = program
    }

    /** That of this machine, null if it has none. */
    static synchronized IntegerOracle here() {
        if (!tried) {
            tried = true
            NativeProgram program = NativeProgram.compile(Path.of('src/test/c/intoracle.c'))
            found = program == null ? null : new IntegerOracle(program)
        }
        found
    }

    List<IntegerAnswer> ask(List<IntegerCase> cases) {
        ByteBuffer answers = program.ask(IntegerCase.requests(cases))
        cases.collect { IntegerAnswer.read(answers) }
    }

    IntegerAnswer ask(IntegerCase one) {
        ask([one])[0]
    }
}
