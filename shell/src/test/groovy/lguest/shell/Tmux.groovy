package lguest.shell

import java.nio.charset.StandardCharsets
import java.util.concurrent.TimeUnit

/** The lguest command in a window of tmux, of whose screen pictures can be taken. */
class Tmux implements AutoCloseable {
    /** Whether this machine can do that. */
    static final boolean AVAILABLE = ['/usr/bin/tmux', '/bin/tmux'].any { new File(it).canExecute() }

    private static int servers

    private final String socket = "lguest-${ProcessHandle.current().pid()}-${++servers}"
    private final Map<String, String> environment

    Tmux(Map<String, String> environment, File folder, List<String> arguments, int columns = 100, int rows = 24) {
        this.environment = environment
        def terminal = ['-Dlguest.stdin=terminal', '-Dlguest.stdout=terminal']
        def command = Java.command(terminal, arguments).collect { "'$it'" }.join(' ')
        tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'spec', '-x', "$columns", '-y', "$rows", '-c', folder.path, 'sh')
        // Behind it the shell shows what it leaves on the screen.
        type("PS1='shell> '; clear; $command; echo \"status \$?\"")
        keys('Enter')
    }

    private String tmux(String... words) {
        def builder = new ProcessBuilder(['tmux', '-L', socket, *words]).redirectErrorStream(true)
        builder.environment().putAll(environment)
        def process = builder.start()
        def said = process.inputStream.getText(StandardCharsets.UTF_8.name())
        assert process.waitFor() == 0: "tmux ${words.join(' ')}: $said"
        said
    }

    /** Types text as it is. */
    void type(String text) { tmux('send-keys', '-t', 'spec', '-l', text) }

    /** Strikes keys by their names: {@code Enter}, {@code Tab}, {@code C-c}. */
    void keys(String... names) { tmux('send-keys', '-t', 'spec', *names) }

    void line(String text) {
        type(text)
        keys('Enter')
    }

    void resize(int columns, int rows) { tmux('resize-window', '-t', 'spec', '-x', "$columns", '-y', "$rows") }

    /** The screen now, line by line. */
    List<String> screen() { tmux('capture-pane', '-p', '-t', 'spec').split('\n', -1).dropRight(1).toList()*.stripTrailing() }

    /** The screen, and all that has scrolled away above it; rows that the width has broken are one line. */
    List<String> history() { tmux('capture-pane', '-p', '-J', '-S', '-', '-t', 'spec').split('\n', -1).toList()*.stripTrailing() }

    /** What stands on the line of the cursor. */
    String cursorLine() { screen()[tmux('display-message', '-p', '-t', 'spec', '#{cursor_y}').trim().toInteger()] }

    /** Waits until the screen is as wanted. @return the screen then */
    List<String> until(int seconds = 60, Closure<?> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
        while (true) {
            def now = screen()
            if (wanted(now)) {
                return now
            }
            assert System.nanoTime() < end: "not within $seconds s:\n${now.join('\n')}"
            TimeUnit.MILLISECONDS.sleep(50)
        }
    }

    /** Waits for a line that matches. @return the screen then */
    List<String> untilLine(Object pattern) { until { lines -> lines.any { it ==~ pattern } } }

    @Override
    void close() { tmux('kill-server') }
}
