package lguest.shell

import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path

/** The lguest command as a process of its own, with what it gives back. */
class Command {
    /** @param folder for its streams. @param input standard input; null for none. @return status, out, err */
    static Map run(Path folder, List<String> arguments, String input = null, List<String> options = [], File at = Samples.folder.parent.toFile()) {
        def out = folder.resolve('out').toFile()
        def err = folder.resolve('err').toFile()
        def from = input == null ? new File('/dev/null') : Files.writeString(folder.resolve('in'), input, StandardCharsets.UTF_8).toFile()
        def process = new ProcessBuilder(Java.command(options, arguments)).directory(at)
            .redirectOutput(out).redirectError(err).redirectInput(from).start()
        [status: process.waitFor(), out: out.getText('UTF-8'), err: err.getText('UTF-8')]
    }
}
