package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.internal.ClassCache
import lguest.dsl.internal.ScriptRunner
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('compiled scripts are kept, and never believed blindly')
class ClassCacheSpec extends Specification {
    @TempDir
    Path folder

    Path cache

    def setup() {
        cache = folder.resolve('cache')
    }

    private String run(String text) {
        Path script = folder.resolve('s.lgs')
        Files.writeString(script, text)
        def out = new ByteArrayOutputStream()
        def print = new PrintStream(out, true)
        new ScriptRunner(false, new ClassCache(cache)).runFile(script, [], new Streams(System.in, print, print, false))
        out.toString()
    }

    private List<Path> kept() { Files.list(cache).toList().toSorted() }

    def "a script is kept once, with its closures"() {
        given:
        String text = 'println([1, 2].collect { it * 2 })'

        expect:
        run(text) == '[2, 4]\n'
        run(text) == '[2, 4]\n'
        kept().size() == 1
    }

    def "another text is another script"() {
        expect:
        run('println 1') == '1\n'
        run('println 2') == '2\n'
        kept().size() == 2
    }

    def "what was damaged is made again: #damage"() {
        given:
        run('println 1')
        byte[] bytes = Files.readAllBytes(kept()[0])

        when:
        Files.write(kept()[0], change(bytes))

        then:
        run('println 1') == '1\n'
        Files.readAllBytes(kept()[0]) == bytes

        where:
        damage      | change
        'cut short' | { Arrays.copyOf(it, it.length - 1) }
        'empty'     | { new byte[0] }
        'a bit'     | { byte[] it -> byte[] copy = it.clone(); copy[it.length >> 1] ^= 1; copy }
    }

    def "the classes of another script are not believed, though whole"() {
        given:
        run('println 1')
        byte[] one = Files.readAllBytes(kept()[0])
        run('println 2')
        Path other = kept().find { Files.readAllBytes(it) != one }

        when:
        Files.write(other, one)

        then:
        run('println 2') == '2\n'
    }

    def "without a folder everything works"() {
        given:
        Files.writeString(cache, 'not a folder')

        expect:
        run('println 1') == '1\n'
        run('println 1') == '1\n'
    }

    def "a failure has the same place whether compiled or kept"() {
        expect:
        2.times {
            assert run('\n\nthrow new IOException("x")') == 's.lgs:3: IOException: x\n'
        }
    }
}
