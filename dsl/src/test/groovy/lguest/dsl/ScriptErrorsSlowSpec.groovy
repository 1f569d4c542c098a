package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('what a script hears when something is wrong')
class ScriptErrorsSlowSpec extends Specification {
    @TempDir
    Path folder

    def "says what, where and what may have been meant: #line"() {
        when:
        def ended = new Scripts(folder).run("\n\n\n$line\n", [], 'echo.lgs')

        then:
        ended.err == "echo.lgs:4: $message\n"
        ended.status == 3
        ended.out == ''

        where:
        line                                              || message
        'before hypercall(SET_PET) run { }'               || 'no hypercall SET_PET; did you mean SET_PTE?'
        'stop on(fault(PFX))'                             || 'no fault PFX; did you mean PF?'
        'def later = { CONSOLE_KY }'                      || 'no constant CONSOLE_KY; did you mean CONSOLE_KEY?'
        'fault(SET_PTE)'                                  || 'no fault SET_PTE: it is a hypercall'
        'fault("GPF")'                                    || 'no fault GPF; did you mean GP?'
        'fault(300)'                                      || 'fault(300): vectors are 0 to 255'
        'interrupt 32'                                    || 'interrupt(32): lines are 0 to 31'
        'consle.text'                                     || 'no word consle; did you mean console?'
        'bot "tiny"'                                      || 'no word bot; did you mean boot?'
        'guest("x") { memroy 64.MB }'                     || 'no word memroy in guest { }; did you mean memory?'
        'guest("x") { memory 64.MiB }'                    || 'no unit MiB; did you mean MB?'
        'guest("x") { memory "64M" }'                     || "memory '64M': give a number, memory 64.MB"
        'guest("x") { memory 64.MB }'                     || "guest 'x' has no kernel: kernel 'vmlinux'"
        'guest("x") { cpuModel "pentium9" }'              || "cpuModel 'pentium9': there is pentium2, pentium3, pentium4"
        'guest("x") { time virtuel }'                     || 'no word virtuel in guest { }; did you mean virtual?'
        'guest("x") { wallClock "today" }'                || "wallClock 'today': give a time like '2007-10-09T21:00:00Z'"
        'guest("x") { port(0x10000) { } }'                || 'guest x: port 0x10000, must be 0 to 0xffff'
        'guest("x") { kernel "/dev/null", at: 4.GB }'     || 'kernel at 4294967296: must be 0 to 4294967295'
        'guest("x") { tscKhz 5_000_000_000 }'             || 'tscKhz 5000000000: must be 0 to 2147483647'
        'guest("x") { console 7 }'                        || "console 7: give stdout, stderr, a file, a socket, 'pty' or a closure"
        'guest("x") { device("d") { pages 1 } }'          || 'device d: say its type, 4 to 65535'
        'guest("x") { device("d") { type 1 } }'           || 'device d: type 1, must be 4 to 65535'
        'guest("x") { device("d") { typ 64 } }'           || 'no word typ in device { }; did you mean type?'
        'waitFor(60) { true }'                            || 'waitFor(60): say the unit, 60.seconds or 60.ms'
        'sleep 5'                                         || 'sleep(5): say the unit, 5.seconds or 5.ms'
        'boot "tiny"'                                     || "no guest 'tiny'"
        'println cpu.eax'                                 || "there is no guest yet: build one with guest('name') { }"
        'stop at("main")'                                 || "there is no guest yet: build one with guest('name') { }"
        'proceed 1'                                       || "proceed: only in 'replace ... run { }'"
        'console = 1'                                     || 'console = ...: console is a word of the language; choose another name'
        '(-1).instructions'                               || '-1.instructions: cannot be less than none'
        '-1.instructions'                                 || '-1.instructions: cannot be less than none'
        'run()'                                           || 'run() would run the script itself: say how far, run(2.seconds), or what to wait for, waitFor { }'
        'throw new IOException("\033[2J")'                || 'IOException: ?[2J'
        'exit 256'                                        || 'exit 256: must be 0 to 255'
        'exit(-1)'                                        || 'exit -1: must be 0 to 255'
        'throw new OutOfMemoryError()'                    || "needs more memory than there is, ${Runtime.runtime.maxMemory() >> 20} MiB: LGUEST_JAVA_OPTS=-Xmx8g gives more"
        'throw new IOException("disk full")'              || 'IOException: disk full'
        'null.text'                                       || "NullPointerException: Cannot get property 'text' on null object"
    }

    def "says where it looked for a file"() {
        when:
        def ended = new Scripts(folder).run("guest('x') { kernel 'vmlinux' }")

        then:
        ended.status == 3
        ended.err == "test.lgs:1: kernel: no file 'vmlinux': looked in ${folder.toAbsolutePath()} (the script's directory) and " +
            "${Path.of('').toAbsolutePath()} (the working directory)\n"
    }

    def "about a guest: #line"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "$line\n")

        then:
        ended.err == "test.lgs:2: $message\n"
        ended.status == 3

        where:
        line                                     || message
        'stop at("console_wirte")'               || "no symbol 'console_wirte'; did you mean console_write?"
        'hypercall("SET_PET")'                   || 'no hypercall SET_PET; did you mean SET_PTE?'
        'hypercall(PF)'                          || 'no hypercall PF: it is a fault'
        'replace at("console_write") run { 1 }'  || "replace at('console_write'): only hypercalls, DMAs, port accesses and console output can be replaced"
        'time at("console_write")'               || "time at('console_write'): only hypercalls, DMAs, port accesses and console output take time"
        'cpu.cs = 1'                             || 'cs of Cpu can only be read'
        'cpu.cr3 = 1'                            || 'cr3 of Cpu can only be read'
        'exit -1'                                || 'exit -1 is a subtraction to Groovy: say exit(1), from 0 to 255'
        'cpu.eaz'                                || 'no property eaz of Cpu; did you mean eax?'
        'cpu.eax = 0x100000000'                  || 'eax 4294967296: must be a number of 32 bits'
        'cpu.eax = "1"'                          || "eax '1': must be a number of 32 bits"
        'memory[0x10]'                           || 'guest puppy: nothing is mapped at linear address 0x00000010'
        'physical[16.MB + 64.KB]'                || 'guest puppy: no memory at physical address 0x01010000'
        'memory[0x1000] = 1'                     || 'guest puppy: nothing is mapped at linear address 0x00001000'
        'dma[CONSOLE_KEY].send "x"'              || 'dma[0x0]: guest puppy has no free buffer there'
        'interrupts.raise 32'                    || 'interrupt 32: must be 0 to 31'
        'console.expect 5'                       || 'expect(5): give text, or a pattern like ~/login:/'
        'before hypercall(HALT) run { a, b, c, d -> }' || 'a closure with 4 parameters: hypercall(HALT) has 3'
        'physical.dump(0, 1.GB)'                 || '1073741824 bytes of memory: can be 0 to 16777216'
        'physical.text(0, -1)'                   || '-1 bytes of memory: can be 0 to 268435456'
        'disassemble(0, -1)'                     || 'disassemble -1 instructions: can be 1 to 1048576'
        'report("/nosuch/r.md") { }'             || "report '/nosuch/r.md': there is no folder /nosuch"
        'report("/tmp") { }'                     || "report '/tmp': is a folder"
        'run 5'                                  || 'run(5): say the unit, 5.instructions or 5.seconds'
        'guest("puppy") { }'                     || "there is a guest 'puppy' already"
        'use "pupy"'                             || "no guest 'pupy'; did you mean puppy?"
        'stop on(write(0xC0301000..0xC0300000))' || 'write(0xc0301000..0xc0300000): the first address comes after the last'
    }

    def "a word of capitals is checked before anything runs"() {
        when:
        def ended = new Scripts(folder).run('println "started"\nif (args) { hypercall SEND_DAM }\n')

        then:
        ended.out == ''
        ended.err == 'test.lgs:2: no hypercall SEND_DAM; did you mean SEND_DMA?\n'
    }

    def "a misspelt word is found before anything runs, deep in closures: #line"() {
        when:
        def ended = new Scripts(folder).run("println 'started'\n$line\n")

        then:
        ended.out == ''
        ended.err == "test.lgs:2: $message\n"

        where:
        line                                                          || message
        'stop at("x") when { consle.text }'                           || 'no word consle; did you mean console?'
        'before hypercall(HALT) run { lgo "x" }'                      || 'no word lgo; did you mean log?'
        'def f = { hexx 3 }'                                          || 'no word hexx; did you mean hex?'
        'def f() { disasemble 3 }'                                    || 'no word disasemble; did you mean disassemble?'
        'guest("x") { device("d") { sent { repy it } } }'           || 'no word repy in device { }; did you mean reply?'
        '[1].each { n -> prinln n }'                                  || 'no word prinln; did you mean println?'
    }

    def "words of others are left alone: #text"() {
        expect:
        new Scripts(folder).run(text).status == 0

        where:
        text << ['new StringBuilder("x").with { reverse() }', 'def bot(x) { x }; bot 1',
                 'def bot = { it }; bot 1', 'logs = 3; println logs', 'def f(consle) { consle }; f 1', 'for (memry in [1]) { println memry }',
                 'binding.setVariable("unlikely", 1); println unlikely', 'def (hexx, lg) = [1, 2]; println hexx + lg', 'println sprintf("%d", 1)',
                 'class A { def consle() { 1 }; def f() { consle() } }; new A().f()', 'try { 1 / 0 } catch (e) { println e.message }']
    }

    def "capitals that a script defines are its own business: #text"() {
        expect:
        new Scripts(folder).run(text).status == 0

        where:
        text << ['LIMIT = 3; assert LIMIT == 3', 'final LIMIT = 3; def f = { LIMIT + 1 }; f()', 'class A { static B2 = 1 }; A.B2',
                 'enum E { AA, BB }; assert E.AA != E.BB', 'import static java.lang.Integer.MAX_VALUE\nassert MAX_VALUE > 0']
    }

    def "what does not compile has a line, too"() {
        when:
        def ended = new Scripts(folder).run('println 1\ndef x = [1, 2\n')

        then:
        ended.status == 3
        ended.err.startsWith('test.lgs:')
        ended.err.count('\n') == 1
    }

    def "a failing assertion shows its parts, and is status 1"() {
        when:
        def ended = new Scripts(folder).run('def answer = 41\nassert answer == 42')

        then:
        ended.status == 1
        ended.err == '''\
            test.lgs:2: assertion failed: assert answer == 42
                   |      |
                   41     false
            '''.stripIndent()
    }

    def "a closure that throws pauses its guest and names its line: #hook"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + "$hook\nboot 'puppy'\nexpect 'puppy> '")

        then:
        ended.status == status
        ended.err ==~ /test\.lgs:2: $message \(guest puppy paused at 0xc01[0-9a-f]{5} \w+(\+0x[0-9a-f]+)?\)\n/

        where:
        hook                                                          || status | message
        'before hypercall(SET_PTE) run { throw new IOException("x") }' || 3      | 'IOException: x'
        'before hypercall(SET_PTE) run { throw new Error() }'          || 3      | 'Error'
        'before hypercall(SET_PTE) run { 1 / 0 }'                      || 3      | 'ArithmeticException: Division by zero'
        'before hypercall(SET_PTE) run { it.vadr }'                    || 3      | 'no property vadr of SetPte'
        'before hypercall(SET_PTE) run { it.pte.presnt }'              || 3      | 'no property presnt of PageEntry; did you mean present\\?'
        'before hypercall(SET_PTE) when { it.key < 5 && nothing } run { }' || 3  | 'no word nothing'
        'before hypercall(SET_PTE) run { proceed() }'                  || 3      | "proceed: only in 'replace'; without it SET_PTE.* happens anyway"
        'before hypercall(SET_PTE) run { sleep 1.second }'             || 3      | 'guest puppy is running: a hook cannot wait for guests'
        'stop at("console_write") when { throw new Exception("w") }'   || 3      | 'Exception: w'
        'before hypercall(SET_PTE) run { f() }; def f() { f() }'       || 3      | 'calls itself without end'
        'before hypercall(SET_PTE) run { def all = []; while (true) all << new byte[1 << 30] }' || 3 | 'needs more memory than there is, .*'
    }

    def "a place without a line, of what the compiler added, is not named"() {
        when:
        def ended = new Scripts(folder).run('''
            def failure = new IOException('x')
            failure.stackTrace = [new StackTraceElement('test', 'doCall', 'test.lgs', -1)] + failure.stackTrace.toList()
            throw failure
            '''.stripIndent())

        then:
        ended.status == 3
        ended.err == 'test.lgs:2: IOException: x\n'
    }

    def "the guest of a failed hook can be looked at"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy() + '''
            before hypercall(SET_PTE) run { throw new IOException('x') }
            boot 'puppy'
            try {
                expect 'puppy> '
            } catch (ScriptFailure e) {
                println "$state $e.message"
            }
        '''.replace('ScriptFailure', 'lguest.dsl.ScriptFailure'))

        then:
        ended.status == 0
        ended.out.startsWith('paused IOException: x (guest puppy paused at 0x')
    }

    def "a byte order mark is no part of a script"() {
        expect:
        new Scripts(folder).run('\uFEFFprintln 5').out == '5\n'
    }

    def "use in a closure is the script's word, and Groovy's own where it has a category"() {
        when:
        def ended = new Scripts(folder).run("""
            class Loud { static String loud(String self) { self.toUpperCase() } }
            ['a', 'b'].each { guest(it) { memory 16.MB; kernel '$Scripts.HELLO' } }
            guests.keySet().each { use it; println current }
            ['x'].each { word -> use(Loud) { println word.loud() } }
        """.replace('println current', 'println state + cpu.is(guests[it].cpu)'))

        then:
        ended.err == ''
        ended.out == 'builttrue\nbuilttrue\nX\n'
    }

    def "no word of a Java stack trace is shown"() {
        expect:
        !new Scripts(folder).run('throw new IllegalStateException()').err.contains('at ')
    }
}
