package lguest.conformance

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The folder of small guests, and its runner with our command line as the launcher. */
class SmallGuests {
    static final Path FOLDER = Path.of(SmallGuests.getResource('/conformance').toURI())
    /** What run.sh and the .cmd files call. */
    private static final List<String> TOOLS = ['sh', 'sed', 'timeout', 'mkfifo', 'dd', 'cksum', 'cmp', 'diff']
    /** A guest lives for a second: what would make a longer one faster only costs time. */
    private static final List<String> JVM = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m']
    /** The engine that this run of specs is about, if it is about one, is that of guests in other processes, too. */
    private static final List<String> ENGINE = ['lguest.engine', 'lguest.threshold'].findAll { System.getProperty(it) }
        .collect { "-D$it=${System.getProperty(it)}".toString() }
    /** Seconds until anything is typed, and until a second launcher starts: by then a guest must run, on a busy machine, too. */
    private static final String START = '3'
    /** The first guest of this pair waits three seconds for the second, and both take as long to start: meet it in the middle. */
    private static final Map<String, String> STARTS = ['203-sharenet-crossing': '1.5']
    /** Guests that lose where a millisecond of the host's passes between two of their instructions, as it does on a busy machine. */
    private static final Set<String> QUICK = ['073-noirq-window', '085-irq-user']
    private static final long MINUTES = 3

    /** What came of a run. */
    record Run(int status, String text) { }

    private final Path work
    private final Path launcher

    /** @param options of ours, before those of a guest */
    SmallGuests(Path work, String... options) {
        this.work = Files.createDirectories(work)
        launcher = work.resolve('launcher')
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java')
        def command = [java, *JVM, *ENGINE, '-cp', System.getProperty('java.class.path'), 'lguest.shell.Main', *options]
        Files.writeString(launcher, "#!/bin/sh\nexec ${command.collect { "'$it'" }.join(' ')} \"\$@\"\n")
        launcher.toFile().executable = true
    }

    static List<String> names() {
        FOLDER.toFile().list().findAll { it.endsWith('.cmd') }.collect { it - '.cmd' }.sort()
    }

    /** What the guest's source says it shows. */
    static String shows(String name) {
        def source = FOLDER.resolve("${name}.asm").toFile()
        source.exists() ? source.withReader { it.readLine() } - "; $name - " : 'the command line alone'
    }

    /** Lines of the recorded outcome. */
    static List<String> expected(String name) {
        Files.readAllLines(FOLDER.resolve("${name}.expected"))
    }

    static List<String> missingTools() {
        TOOLS.findAll { !onPath(it) }
    }

    static boolean onPath(String tool) {
        System.getenv('PATH').tokenize(File.pathSeparator).any { Files.isExecutable(Path.of(it, tool)) }
    }

    /** Runs one and compares, as {@code run.sh} does. */
    Run compare(String name) {
        run(name, [:])
    }

    /** Runs one. @return the lines of its outcome */
    List<String> record(String name) {
        def run = run(name, [RECORD: work.toString(), POWEROFF_STATUS: '0'])
        assert run.status() == 0 : run.text()
        Files.readAllLines(work.resolve("${name}.expected"))
    }

    /** Our command line, without the runner around it; nothing is typed. @return both outputs together */
    Run launch(String... arguments) {
        run(new ProcessBuilder(launcher.toString(), *arguments), 'launch.txt')
    }

    private Run run(String name, Map<String, String> environment) {
        def command = name in QUICK ? "$launcher --time=virtual" : launcher
        def runner = new ProcessBuilder('sh', FOLDER.resolve('run.sh').toString(), command.toString(), name)
        runner.environment() << [FSDIR: work.toString(), START: STARTS.getOrDefault(name, START), SLOW: '3'] + environment
        run(runner, "${name}.txt")
    }

    private Run run(ProcessBuilder builder, String output) {
        def said = work.resolve(output)
        def process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start()
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach { it.destroyForcibly() }
            process.destroyForcibly()
            return new Run(-1, "${builder.command().join(' ')}: no end within $MINUTES minutes")
        }
        new Run(process.exitValue(), Files.readString(said))
    }
}
