package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.dsl.internal.ScriptRunner
import lguest.shell.repl.Transcript
import spock.lang.Specification

class ReadmeSpec extends Specification {
    static final String README = Files.readString(Samples.folder.resolveSibling('README.md'))

    /** Code between fences that begin so. */
    private static List<String> blocks(String fence) {
        (README =~ /(?ms)^```(\w*)\n(.*?)^```$/).findAll { it[1] == fence }.collect { it[2] }
    }

    def "script #number works"() {
        given:
        def out = new ByteArrayOutputStream()
        def err = new ByteArrayOutputStream()
        def streams = new Streams(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true), false)
        def session = new Session(streams, Samples.folder.parent, [], false)

        when:
        new ScriptRunner().execute(session, 'README.lgs', script)
        int status = session.finish()

        then:
        status == 0
        expected.every { out.toString().contains(it) || err.toString().contains(it) }

        cleanup:
        session?.close()
        Files.deleteIfExists(Path.of('scratch.img'))

        where:
        script << blocks('groovy')
        number << (1..blocks('groovy').size())
        expected << [['it took ', ' instructions; now it stands at '], ['console_write:', 'pte 0xf0000000 -> ', 'LOAD_IDT_ENTRY'], ['Hello from a flat image.'],
                     ['the twins are equal'], ['last written by async_hcall+0x', 'another\n'], [],
                     ['lgba ', 'scratch.img: 2048 sectors, 1 requests (1 failed): 0 bytes read in 0, 0 bytes written in 0']]
    }

    def "the prompt says what the transcript says"() {
        expect:
        Transcript.replay(transcript, Samples.folder.parent) == transcript

        where:
        transcript << blocks('')
    }

    def "every file it speaks of is there"() {
        expect:
        (README =~ /\b(?:samples|scripts)\/[\w.\/-]*\w/).collect { it }.findAll { !Files.exists(Samples.folder.resolveSibling(it)) } == []
    }
}
