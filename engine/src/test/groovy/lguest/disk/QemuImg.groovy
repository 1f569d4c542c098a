package lguest.disk

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** QEMU's own tools for disk images (Debian: qemu-utils), which specs compare with. */
class QemuImg {
    static final boolean PRESENT = ['qemu-img', 'qemu-io'].every { tool ->
        System.getenv('PATH').split(File.pathSeparator).any { Files.isExecutable(Path.of(it, tool)) }
    }

    /** Runs one of them. @return what it said; fails if its status is not among those given */
    static String run(List<?> command, List<Integer> statuses = [0]) {
        def process = new ProcessBuilder(command*.toString()).redirectErrorStream(true).start()
        process.outputStream.close()
        def said = process.inputStream.text
        assert process.waitFor(120, TimeUnit.SECONDS)
        assert process.exitValue() in statuses: "${command.join(' ')}: ${process.exitValue()}: $said"
        return said
    }

    static Path create(Path image, List<?> options) {
        run(['qemu-img', 'create', '-q', '-f', 'qcow2', *options.dropRight(1), image, options.last()])
        return image
    }

    /** Finds nothing wrong; after a crash, at most clusters that nobody uses. */
    static void check(Path image, boolean leaksAllowed = false) {
        run(['qemu-img', 'check', '-q', image], leaksAllowed ? [0, 3] : [0])
    }

    /** The content as QEMU sees it. */
    static byte[] content(Path image) {
        def raw = image.resolveSibling("${image.fileName}.raw")
        run(['qemu-img', 'convert', '-O', 'raw', image, raw])
        def bytes = Files.readAllBytes(raw)
        Files.delete(raw)
        return bytes
    }
}
