package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.internal.ClassCache
import lguest.dsl.internal.ScriptRunner
import lguest.load.KernelSymbols

/** Runs scripts in a folder of their own, and has guests for them. */
class Scripts {
    static final Path SAMPLES = Path.of('..', 'samples').toAbsolutePath().normalize()
    static final Path HELLO = SAMPLES.resolve('hello/hello.elf')
    static final Path PUPPY = SAMPLES.resolve('puppy/puppy.elf')
    static final Path ECHO = SAMPLES.resolve('echo/echo.elf')

    /** What became of a script. */
    static class Ended {
        int status
        String out
        String err

        @Override
        String toString() { "status $status\n--- out\n$out\n--- err\n$err" }
    }

    final Path folder

    Scripts(Path folder) {
        this.folder = folder
    }

    /** Writes a script there and runs it. */
    Ended run(String text, List<String> args = [], String name = 'test.lgs') {
        Path script = folder.resolve(name)
        Files.writeString(script, text)
        runFile(script, args)
    }

    /** @param cache a folder for the compiled script; null compiles it */
    static Ended runFile(Path script, List<String> args = [], Path cache = null) {
        ended { new ScriptRunner(false, new ClassCache(cache)).runFile(script, args, it) }
    }

    static Ended runCode(String code) {
        ended { new ScriptRunner(false, new ClassCache(null)).runCode(code, [], it) }
    }

    private static Ended ended(Closure<Integer> work) {
        def out = new ByteArrayOutputStream()
        def err = new ByteArrayOutputStream()
        def streams = new Streams(new ByteArrayInputStream(new byte[0]), new PrintStream(out, true), new PrintStream(err, true), false)
        int status = work(streams)
        new Ended(status: status, out: out.toString('UTF-8'), err: err.toString('UTF-8'))
    }

    /** A guest that greets otherwise: hello with other words in it, of the same length at most. */
    Path greeting(String name, String words) {
        byte[] image = Files.readAllBytes(HELLO)
        String text = new String(image, 'ISO-8859-1')
        String greeting = 'Hello from a guest of one page.\n'
        byte[] instead = words.padRight(greeting.length()).getBytes('ISO-8859-1')
        System.arraycopy(instead, 0, image, text.indexOf(greeting), greeting.length())
        Files.write(folder.resolve(name), image)
    }

    /** Where a symbol of puppy is, {@code 0xc0101234}: elsewhere, whenever the image is built anew. */
    static String inPuppy(String symbol, int offset = 0) {
        String.format('0x%08x', KernelSymbols.ofKernel(PUPPY).address(symbol).orElseThrow() + offset)
    }

    /** The words that make a guest of puppy, quiet unless told otherwise. */
    static String puppy(String more = '') { "guest('puppy') { memory 16.MB; kernel '$PUPPY'; $more }\n" }

    static String hello(String more = '') { "guest('hello') { memory 16.MB; kernel '$HELLO'; $more }\n" }
}
