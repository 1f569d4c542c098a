package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/** The mistakes that need files, or a guest that runs; ScriptErrorsSlowSpec has the others. */
@Title('a wrong script gets one message with its line, and nothing else breaks')
class WrongScriptsSpec extends Specification {
    @TempDir
    Path folder

    def setup() {
        Files.write(folder.resolve('disk'), new byte[16 * 512])
        Files.createSymbolicLink(folder.resolve('same'), folder.resolve('disk'))
        Files.writeString(folder.resolve('text'), 'neither a kernel nor a script of this language')
        Files.createDirectory(folder.resolve('folder'))
        Files.write(folder.resolve('latin.lgs'), [0x27, 0xE6, 0x27] as byte[])
    }

    private Scripts.Ended run(String script) { new Scripts(folder).run(script.replace('PUPPY', "'$Scripts.PUPPY'").replace('HELLO', "'$Scripts.HELLO'")) }

    def "what is not there, or not what it is taken for: #block"() {
        when:
        def ended = run("guest('first') { kernel PUPPY; block 'disk' }\nguest('second') { kernel PUPPY; $block }\n")

        then:
        ended.status == 3
        ended.err ==~ /test\.lgs:2: $message\n/

        where:
        block                           || message
        "block 'disk'"                  || "block 'disk': it is a disk of guest first already, and only disks that both say readOnly or snapshot of can be shared"
        "block 'same'"                  || "block 'same': it is a disk of guest first already, .*"
        "block 'disk', readOnly"        || "block 'disk': it is a disk of guest first already, .*"
        "block 'nosuch'"                || "block: no file 'nosuch': looked in .*"
        "block 'folder'"                || 'Failed to open .*folder: Is a directory'
        "block 'text', sideways"        || 'no word sideways.*'
        "initrd 'nosuch'"               || "initrd: no file 'nosuch': looked in .*"
        "kernel 'nosuch'"               || "kernel: no file 'nosuch': looked in .*"
        "kernel 'text'"                 || '.+'
        "kernel 'folder'"               || 'Failed to open .*folder: Is a directory'
        "memory 100.GB"                 || 'guest second: memory of 107374182400 bytes, must be whole pages, 4096 to 2147213312'
        "memory 5000"                   || 'guest second: memory of 5000 bytes, must be whole pages, .*'
        "pcap 'nosuch/x.pcap'"          || '.+'
        "tscKhz 5"                      || 'guest second: tsc 5 kHz, must be 0 or at least 977'
        "console 'nosuch/file'"         || '.*nosuch/file.*'
    }

    def "disks that nobody writes are for everybody"() {
        expect:
        run('''\
            guest('a') { kernel HELLO; block 'disk', readOnly }
            guest('b') { kernel HELLO; block 'disk', snapshot }
            guest('c') { kernel HELLO; block 'text' }
            boot 'c'
            waitFor { state == 'off' }
            guest('d') { kernel HELLO; block 'text' }
            '''.stripIndent()).with { [it.status, it.err] } == [0, '']
    }

    def "a hook may remove itself, or another, while the guest runs"() {
        when:
        def ended = run('''\
            guest('puppy') { kernel PUPPY; cmdline 'quiet ' }
            def other = before hypercall(SET_PTE) run { log 'never' }
            def mine
            mine = before hypercall(LGUEST_INIT) run { other.remove(); mine.remove(); mine.remove(); log 'removed' }
            after hypercall(LGUEST_INIT) run { before hypercall(SET_STACK) run { log 'added' } once() }
            boot()
            expect 'puppy> '
            assert mine.hits == 1 && other.hits == 0
            sendLine 'poweroff'
            '''.stripIndent())

        then:
        ended.status == 0
        ended.err == 'removed\nadded\n'
    }

    def "#what in a hook is the only thing said, and other guests can go on"() {
        when:
        def ended = run("""\
            guest('other') { kernel HELLO; console stdout }
            guest('puppy') { kernel PUPPY }
            def gone = before hypercall(SET_CLOCKEVENT) run { log 'never' }
            before hypercall(LGUEST_INIT) run { gone.remove(); $what }
            try {
                run 1.second
            } catch (e) {
                log "caught \$state"
            }
            boot 'other'
            waitFor { guest('other').state == 'off' }
            """.stripIndent())

        then:
        ended.status == 0
        ended.out == 'Hello from a guest of one page.\n'
        ended.err == 'caught paused\n'

        where:
        what << ['frob()', 'it.nosuch', '1 / 0', 'null.x', "memory[0]", "throw new Exception('x')", "symbols.address 'nosuch'", 'cpu.eax = "x"',
                 'sleep 1.second', "guest('other').boot(); step 5"]
    }

    def "waits in vain are status #status: #wait"() {
        when:
        def ended = run("guest('puppy') { kernel PUPPY; cmdline 'quiet ' }\nboot()\n$wait")

        then:
        ended.status == status
        ended.err ==~ /(?s)test\.lgs:3: $message.*\n/

        where:
        wait                                   || status | message
        "expect 'never', 1.second"             || 4      | "no match for 'never' on the console of guest puppy within 1 s"
        "expect 'never'"                       || 4      | "no match for 'never' on the console of guest puppy"
        "waitFor(1.second) { false }"          || 4      | 'the condition of waitFor did not come true within 1 s'
        'expect(~/[/)'                         || 3      | 'Unclosed character class'
        'login 5'                              || 3      | 'login does not take'
    }

    def "a script that is no text says so"() {
        expect:
        Scripts.runFile(folder.resolve('latin.lgs')).with { it.status == 3 && it.err.endsWith('latin.lgs: not text in UTF-8\n') }
    }
}
