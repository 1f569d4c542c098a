package lguest.shell

import java.nio.file.Files
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.dsl.internal.ScriptRunner
import lguest.shell.repl.Transcript
import spock.lang.Specification

class TutorialSpec extends Specification {
    static final String TUTORIAL = Files.readString(Samples.folder.resolve('TUTORIAL.md'))

    private static List<String> blocks(String fence) {
        (TUTORIAL =~ /(?ms)^```(\w*)\n(.*?)^```$/).findAll { it[1] == fence }.collect { it[2] }
    }

    def "script #number prints what the text says of it"() {
        given:
        def out = new ByteArrayOutputStream()
        def streams = new Streams(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(out, true), false)
        def session = new Session(streams, Samples.folder.parent, [], false)

        when:
        new ScriptRunner().execute(session, 'TUTORIAL.lgs', script)

        then:
        session.finish() == 0
        out.toString() =~ expected

        cleanup:
        session?.close()

        where:
        script << blocks('groovy')
        number << (1..blocks('groovy').size())
        expected << [/^hello had pid 1\n/, /write\(0x\w+, \d+\): .+\n(?s:.*)what +count\na program +\d+\n/,
                     /(\d+ characters to key 0\n)+(?s:.*)asleep at \d+ looks\nwhat +count\ntrue +\d+\n/,
                     /^puppy> *\nwhat +count\nLOAD_IDT_ENTRY +\d+\n/,
                     /^in console_write, called with 0xc01\w+\nthe third tick was counted in tick\+0x\w+\n/,
                     /^\[#0 .*console_write, #1 .*\](?s:.*)strlen says 7\nno tick: the guest's time is used up\n/,
                     /^the writer is .*mov +(?s:.*)and again it is async_hcall\+0x\w+; what came in was \[]\n/, /^TSEUG EHT MORF OLLEH|tseug eht morf olleh/,
                     /^\d+ facts, after \d+ instructions\n/]
    }

    def "the prompt says what the transcript says"() {
        expect:
        Transcript.replay(transcript, Samples.folder.parent) == transcript

        where:
        transcript << blocks('')
    }
}
