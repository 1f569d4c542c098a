package lguest.shell

import java.nio.charset.StandardCharsets
import java.util.concurrent.TimeUnit

/** The lguest command on a pseudo-terminal, as {@code script} of util-linux makes one. */
class Pty implements AutoCloseable {
    /** Whether this machine can do that. */
    static final boolean AVAILABLE = ['/usr/bin/script', '/bin/script'].any { new File(it).canExecute() } && new File('/dev/ptmx').exists()

    /**
     * Who is started in the background of a shell without job control has SIGINT ignored, and so have all that it starts, for good:
     * Ctrl-C would do nothing.
     */
    private static final List<String> HEARS_INT =
        ['env', '--default-signal=INT'].with { ("${it.join(' ')} true".execute().waitFor() == 0) ? it : [] }

    private final Process process
    private final File folder
    private final StringBuilder screen = new StringBuilder()
    private int seen

    Pty(Map<String, String> environment = [:], File folder, List<String> arguments) {
        this.folder = folder
        def command = Java.command(['-Dlguest.stdin=terminal', '-Dlguest.stdout=terminal'], arguments).collect { "'$it'" }.join(' ')
        // Ctrl-C reaches the shell, too: without a trap some shells then end with 130 whatever the command's status was.
        def builder = new ProcessBuilder(*HEARS_INT, 'script', '-q', '-e', '-c', "trap : INT; stty rows 24 cols 120; stty -a > before; $command; s=\$?; stty -a > after; exit \$s", '/dev/null')
        builder.environment().putAll([TERM: 'xterm'] + environment)
        process = builder.directory(folder).redirectErrorStream(true).start()
        Thread.startDaemon('pty') {
            try {
                read(process.inputStream)
            } catch (IOException closed) {
                if (process.alive) {
                    throw closed
                }
            }
        }
    }

    private void read(InputStream output) {
        def bytes = new byte[4096]
        int length
        while ((length = output.read(bytes)) > 0) {
            synchronized (screen) {
                screen << new String(bytes, 0, length, StandardCharsets.UTF_8)
                screen.notifyAll()
            }
        }
    }

    /** Strikes keys. */
    void type(String keys) {
        process.outputStream.write(keys.getBytes(StandardCharsets.UTF_8))
        process.outputStream.flush()
    }

    /** Waits for text that has not been waited for yet. @return everything up to and with it */
    String expect(String text, int seconds = 30) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
        synchronized (screen) {
            while (true) {
                int at = plain().indexOf(text, seen)
                if (at >= 0) {
                    def before = plain().substring(seen, at + text.length())
                    seen = at + text.length()
                    return before
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())
                assert left > 0: "no '$text' within $seconds s in:\n${plain().substring(seen)}"
                screen.wait(left)
            }
        }
    }

    /** What was printed, without escape sequences. */
    String plain() {
        synchronized (screen) {
            screen.toString().replaceAll(/\033\[[0-9;?]*[a-zA-Z]|\033[=>78DM]|\r/, '')
        }
    }

    /** Whether the terminal was given back as it was found. */
    boolean isSane() { new File(folder, 'before').text == new File(folder, 'after').text && !new File(folder, 'before').text.empty }

    int status() {
        assert process.waitFor(30, TimeUnit.SECONDS): "still there:\n${plain()}"
        process.exitValue()
    }

    @Override
    void close() {
        process.destroyForcibly()
    }
}
