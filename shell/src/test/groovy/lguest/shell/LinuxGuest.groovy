package lguest.shell

/** A Linux 2.6.23 in a process of its own, with a shell at its console: of -Dlguest.linux=DIR, vmlinux and initrd.gz. */
class LinuxGuest implements Closeable {
    static final String IMAGES = System.getProperty('lguest.linux')

    private final LiveCommand command

    /** @param options of the launcher; @param before what the command line begins with, as that of a {@link Namespace} */
    LinuxGuest(List<String> options, int megabytes = 64, Closure<List<String>> before = { it }, List<String> words = []) {
        this(before(command(["--initrd=$IMAGES/initrd.gz".toString(), *options], megabytes, words)))
    }

    private LinuxGuest(List<String> line) {
        command = new LiveCommand(line)
        command.patienceSeconds = 900
        command.expect('userland reached')
        command.expect('# ')
    }

    /** One whose root is its first disk. */
    static LinuxGuest onDisk(List<String> options, Closure<List<String>> before = { it }) {
        new LinuxGuest(before(command(options, 64, ['root=/dev/lgba', 'rw'])))
    }

    private static List<String> command(List<String> options, int megabytes, List<String> words) {
        Java.command(["-Xmx${512 + 3 * megabytes}m".toString()],
            [*options, '--time=host', "${megabytes}m".toString(), "$IMAGES/vmlinux".toString(), 'console=hvc0', *words])
    }

    /** Leaves the shell, which powers off. @return the exit status */
    int exit() {
        command.type('exit')
        command.rest()
        command.process.waitFor()
    }

    /** Runs a line in its shell. @return what that printed */
    String run(String line) {
        start(line)
        end()
    }

    /** Begins to. */
    void start(String line) { command.type("echo 'be''gun'; $line; echo 'en''ded' \$?") }

    /** Waits until the line that was started has ended, without a mistake. @return what it printed */
    String end() {
        // What was typed is printed, too, and cut into pieces as wide as a terminal.
        command.expect('begun')
        def said = command.expect('ended ')
        def status = command.expect('\n').trim()
        assert status == '0' : said
        said.replace('\r', '').trim()
    }

    @Override
    void close() { command.close() }
}
