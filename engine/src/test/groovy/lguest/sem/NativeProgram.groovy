package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** A C program of 32 bits without a C library, which answers from the processor of this machine. */
@CompileStatic
class NativeProgram {
    private static final List<String> COMPILER = ['gcc', '-m32', '-O2', '-ffreestanding', '-nostdlib', '-static', '-fno-pic', '-no-pie',
                                                  '-fno-stack-protector', '-fcf-protection=none']

    private final Path program

    private NativeProgram(Path program) {
        this.program = program
    }

    /** Null where there is none: no gcc that makes 32-bit programs, or nothing that runs them. */
    static NativeProgram compile(Path source) {
        Path directory = Files.createTempDirectory('oracle')
        Runtime.runtime.addShutdownHook(new Thread({ directory.toFile().deleteDir() }))
        Path file = directory.resolve('oracle')
        try {
            NativeProgram program = new NativeProgram(file)
            boolean made = status(COMPILER + ['-o', file.toString(), source.toString()], null, directory.resolve('gcc.out')) == 0
            return made && program.answer(ByteBuffer.allocate(0)) != null ? program : null
        } catch (IOException noSuchProgram) {
            println "$source: $noSuchProgram.message"
            return null
        }
    }

    /** Its answers to all requests, little-endian. */
    ByteBuffer ask(ByteBuffer requests) {
        ByteBuffer answers = answer(requests)
        if (answers == null) {
            throw new IllegalStateException("$program failed")
        }
        answers
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
