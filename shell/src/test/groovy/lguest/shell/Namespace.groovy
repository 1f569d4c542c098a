package lguest.shell

import java.nio.file.Files
import java.nio.file.Path

/** A network namespace of Linux, made for a spec: nothing in it is connected to anything outside. Needs root and iproute2. */
class Namespace implements Closeable {
    private static int count

    final String name = "lguest-spec-${ProcessHandle.current().pid()}-${++count}"

    Namespace() {
        shell("ip netns add $name")
        run('ip link set lo up')
    }

    static boolean possible() {
        if (!Files.isWritable(Path.of('/dev/net/tun')) || System.getProperty('user.name') != 'root') {
            return false
        }
        try {
            new Namespace().withCloseable { it.run('ip tuntap add dev tap9 mode tap') }
            true
        } catch (IOException | AssertionError no) {
            false
        }
    }

    List<String> command(List<String> command) { ['ip', 'netns', 'exec', name, *command] }

    /** Runs a line of shell inside. @return what it said */
    String run(String line) { shell("ip netns exec $name sh -c '$line'") }

    /** Whether an interface is there. */
    boolean has(String link) { run('ip -o link').contains(" $link: ") }

    static String shell(String line) {
        def process = new ProcessBuilder('sh', '-c', line).redirectErrorStream(true).start()
        def said = process.inputStream.text
        assert process.waitFor() == 0 : "$line: $said"
        said
    }

    @Override
    void close() { shell("ip netns del $name") }
}
