package lguest.machine

import java.nio.file.Path
import java.security.MessageDigest
import java.time.Duration
import lguest.cpu.CpuModel
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/** GMP, of {@code factor} and {@code gawk -M}, takes MMX for granted when CPUID says Pentium II. */
@Title('Programs nobody here wrote run to their end and print what they print on the processor of this machine')
@Requires(value = { ForeignPrograms.runnable() }, reason = 'needs Debian packages for i386, unpacked into -Dlguest.foreign=DIR, on a Linux that runs them')
class ForeignProgramsSlowSpec extends Specification {
    static final Duration PATIENCE = Duration.ofSeconds(120)

    @TempDir
    Path folder

    @Shared
    ForeignPrograms programs = ForeignPrograms.here()

    def "#model.name: #name #arguments"() {
        given:
        def command = programs.command(name) + arguments
        def here = programs.natively(command, input.getBytes('ISO-8859-1'), folder)

        when:
        def ended = new UserMachine(folder, model, command, programs.environment(), folder, input.getBytes('ISO-8859-1')).run(PATIENCE)

        then:
        ended.err() == here.err()
        printable(ended.out()) == printable(here.out())
        ended.status() == here.status()

        where:
        [name, arguments, input] << ForeignPrograms.RUNS

        combined:
        // Libraries look at CPUID and take other ways.
        model << [CpuModel.PENTIUM2, CpuModel.PENTIUM3, CpuModel.PENTIUM4]

        filter:
        model.has('MMX') || !(name == 'factor' || arguments[0] == '-M')
    }

    /** Text as it is; of anything else its length and sum, because a reader could not make more of it. */
    static String printable(byte[] out) {
        out.every { it > 0 } ? new String(out, 'US-ASCII')
            : out.length + ' bytes, SHA-256 ' + MessageDigest.getInstance('SHA-256').digest(out).encodeHex()
    }
}
