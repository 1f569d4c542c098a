package lguest.shell;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lguest.dsl.Streams;
import lguest.dsl.internal.ClassCache;
import lguest.dsl.internal.ScriptRunner;
import lguest.shell.repl.Prompts;

/**
 * Does once what most runs do, so that the start script can have the JVM archive the classes for the next start: a script that
 * boots a guest, a prompt that looks at one, and the launcher.
 */
final class Rehearsal {
    private static final String KEYS = """
        guest('tiny') { memory 16.MB; kernel '%1$s' }
        :break $eip
        boot
        waitFor(1.second) { state == 'paused' }
        regs
        dis
        [[name: symbol(cpu.eip), value: hex(cpu.eip)]]
        memory[cpu.eip]
        no such thing
        :quit
        """;
    private static final String SCRIPT = """
        guest('tiny') { memory 16.MB; kernel '%1$s'; console stdout }
        def calls = count hypercalls by { it.name }
        before hypercall(CRASH) run { log "it ends at ${symbol cpu.eip}" }
        stop at(cpu.eip) when { cpu.cpl == 1 }
        boot 'tiny'
        waitFor(1.second) { state == 'paused' }
        println "${hex cpu.eip} ${disassemble(cpu.eip, 3)} ${memory[cpu.eip]}"
        boot 'tiny'
        waitFor(1.second) { console.text.contains 'Hello' }
        print calls
        """;

    private Rehearsal() {
    }

    /** @param arguments the guest: {@code samples/hello/hello.elf} */
    public static void main(String[] arguments) throws IOException {
        String kernel = Path.of(arguments[0]).toAbsolutePath().toString();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Streams streams = new Streams(InputStream.nullInputStream(), nowhere, nowhere, false);
        new ScriptRunner(false, new ClassCache(null)).runCode(SCRIPT.formatted(kernel), List.of(), streams);
        Prompts.rehearse(new ByteArrayInputStream(KEYS.formatted(kernel).replace('\n', '\r').getBytes(StandardCharsets.UTF_8)));
        System.exit(Main.run(Invocation.of(List.of("16", kernel), false)));
    }
}
