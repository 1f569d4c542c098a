package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The processor this test runs on, by way of a small C program. */
@CompileStatic
class IntegerOracle {
    private static final List<String> COMPILER = ['gcc', '-m32', '-O2', '-ffreestanding', '-nostdlib', '-static', '-fno-pic', '-no-pie',
                                                  '-fno-stack-protector', '-fcf-protection=none']
    private static boolean tried
    private static IntegerOracle found

    private final Path program

    private IntegerOracle(Path program) {
        this.program = program
    }

    /** That of this machine, null if it has none. */
    static synchronized IntegerOracle here() {
        if (!tried) {
            tried = true
            Path directory = Files.createTempDirectory('intoracle')
            Runtime.runtime.addShutdownHook(new Thread({ directory.toFile().deleteDir() }))
            found = compile(Path.of('src/test/c/intoracle.c'), directory)
        }
        found
    }

    /** Null where there is none: no gcc that makes 32-bit programs, or nothing that runs them. */
    static IntegerOracle compile(Path source, Path directory) {
        Path program = directory.resolve('intoracle')
        try {
            IntegerOracle oracle = new IntegerOracle(program)
            boolean made = status(COMPILER + ['-o', program.toString(), source.toString()], null, directory.resolve('gcc.out')) == 0
            return made && oracle.answer(ByteBuffer.allocate(0)) != null ? oracle : null
        } catch (IOException noSuchProgram) {
            println "IntegerOracle: $noSuchProgram.message"
            return null
        }
    }

    List<IntegerAnswer> ask(List<IntegerCase> cases) {
        ByteBuffer answers = answer(IntegerCase.requests(cases))
        if (answers == null) {
            throw new IllegalStateException("$program failed")
        }
        cases.collect { IntegerAnswer.read(answers) }
    }

    IntegerAnswer ask(IntegerCase one) {
        ask([one])[0]
    }

    private ByteBuffer answer(ByteBuffer requests) {
        Path from = program.resolveSibling('requests')
        Path to = program.resolveSibling('answers')
        Files.write(from, requests.array())
        status([program.toString()], from, to) == 0 ? ByteBuffer.wrap(Files.readAllBytes(to)).order(ByteOrder.LITTLE_ENDIAN) : null
    }

    private static int status(List<String> command, Path from, Path to) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(to.toFile())
        if (from != null) {
            builder.redirectInput(from.toFile())
        }
        Process process = builder.start()
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly()
            throw new IllegalStateException("$command: time is up")
        }
        process.exitValue()
    }
}
