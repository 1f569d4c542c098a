package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('lguest test: scripts as tests')
class TestCommandSlowSpec extends Specification {
    static final String HELLO = "guest('tiny') { memory 16.MB; kernel '${Samples.folder}/hello/hello.elf' }; boot(); "

    @TempDir
    Path folder

    @TempDir
    Path tests

    private void test(String name, String text) {
        Path file = tests.resolve(name + '.lgs')
        Files.createDirectories(file.parent)
        Files.writeString(file, text)
    }

    def "each test is a line, failures say why and how the guests stand, and the XML has it all"() {
        given:
        test('boot/greets', HELLO + "expect 'Hello'")
        test('boot/insults', HELLO + "println 'about to'; expect ~/(?i)fool/")
        test('arithmetic', 'int seven = 7\nassert seven * 6 == 43')
        test('broken', 'frob()')
        test('later', "skip 'there is no image \\u0001<&>'")

        when:
        def ended = Command.run(folder, ['test', "--xml=$folder/x.xml".toString(), tests.toString()])
        def xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(folder.resolve('x.xml').toFile()).documentElement

        then:
        ended.status == 1
        ended.err == ''
        ended.out.replaceAll(/\(\d+\.\d s\)/, '(T)') == '''\
            failed  arithmetic (T)
                arithmetic.lgs:2: assertion failed: assert seven * 6 == 43
                       |     |   |
                       7     42  false
            passed  boot/greets (T)
            failed  boot/insults (T)
                insults.lgs:1: no match for /(?i)fool/ on the console of guest tiny, and nothing more will happen: it ends with 'Hello from a guest of one page.\\n'; guest tiny: off, CRASH: Power down
                guest tiny: off, CRASH: Power down at 0xc0100036 greeting, after 10 instructions
                    | Hello from a guest of one page.
                about to
            error   broken (T)
                broken.lgs:1: no word frob
            skipped later (T)
                later.lgs:1: skipped: there is no image ?<&>
            5 tests: 1 passed, 2 failed, 1 error, 1 skipped
            '''.stripIndent()
        ['tests', 'failures', 'errors', 'skipped'].collect { xml.getAttribute(it) } == ['5', '2', '1', '1']
        (0..4).collect { xml.getElementsByTagName('testcase').item(it) }.collect { it.getAttribute('classname') + ' ' + it.getAttribute('name') } ==
            ['lgs arithmetic', 'boot greets', 'boot insults', 'lgs broken', 'lgs later']
        xml.getElementsByTagName('failure').item(0).getAttribute('message') == 'arithmetic.lgs:2: assertion failed: assert seven * 6 == 43'
        xml.getElementsByTagName('system-out').item(0).textContent == 'about to\n'
        xml.getElementsByTagName('skipped').item(0).textContent.contains('?<&>')
    }

    def "#arguments: status #status"() {
        given:
        test('a/good', "println 'said'")
        test('a/other', 'assert false')

        when:
        def ended = Command.run(folder, ['test'] + arguments, null, [], tests.toFile())

        then:
        ended.status == status
        (ended.out + ended.err).contains(said)

        where:
        arguments                   || status | said
        ['-k', 'good', '-v', 'a']   || 0      | '    said\n1 test: 1 passed\n'
        ['a/good.lgs']              || 0      | '1 test: 1 passed\n'
        ['-k', 'nosuch', 'a']       || 2      | "lguest: test: no .lgs file whose name contains 'nosuch' in [a]\n"
        ['nosuch']                  || 2      | 'lguest: test: nosuch: no such file or folder\n'
        []                          || 2      | "lguest: Missing required parameter: 'DIR'\n"
    }
}
