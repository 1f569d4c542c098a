package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The processor this test runs on, by way of a small C program; available on x86-64 where gcc is. */
@CompileStatic
class X87Oracle {
    private final Path program

    private X87Oracle(Path program) {
        this.program = program
    }

    static boolean possible() {
        System.getProperty('os.arch') in ['amd64', 'x86_64'] && gcc()
    }

    private static boolean gcc() {
        System.getenv('PATH').split(File.pathSeparator).any { String it -> Files.isExecutable(Path.of(it, 'gcc')) }
    }

    /** @param directory for the program and what goes in and out of it */
    static X87Oracle compile(Path source, Path directory) {
        Path program = directory.resolve('x87oracle')
        run(['gcc', '-O1', '-mno-red-zone', '-o', "$program" as String, source as String], null, null)
        new X87Oracle(program)
    }

    List<X87Answer> ask(List<X87Case> cases) {
        Path requests = program.resolveSibling('requests')
        Path answers = program.resolveSibling('answers')
        requests.toFile().withOutputStream { OutputStream it -> cases.each { X87Case one -> it.write(one.request()) } }
        run([program.toString()], requests, answers)
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(answers)).order(ByteOrder.LITTLE_ENDIAN)
        cases.collect { X87Answer.read(buffer) }
    }

    private static void run(List<String> command, Path from, Path to) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
        if (from != null) {
            builder.redirectInput(from.toFile()).redirectOutput(to.toFile())
        }
        Process process = builder.start()
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly()
            throw new IllegalStateException("$command: not done after five minutes")
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("$command: exit status ${process.exitValue()}")
        }
    }
}
