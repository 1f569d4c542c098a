package lguest.shell.repl

import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.shell.Samples
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Title
import spock.util.concurrent.PollingConditions

@Title('What people type who know gdb')
class HabitsSlowSpec extends Specification {
    @Shared
    def said = new ByteArrayOutputStream()
    @Shared
    @AutoCleanup
    Session session
    @Shared
    Repl repl

    def setupSpec() {
        def ends = new PipeEnds(InputStream.nullInputStream(), new PrintStream(said, true), new PrintStream(said, true))
        session = new Session(new Streams(System.in, ends.out(), ends.err(), false), Samples.folder, [], true)
        session.consoles { OutputStream.nullOutputStream() }
        repl = new Repl(ends, session, null, false)
        answer("guest('puppy') { memory 16.MB; kernel 'puppy/puppy.elf'; time virtual }")
        answer("tbreak clock_nsec")
        answer('boot')
        repl.execute("waitFor(30.seconds.host) { state == 'paused' }")
        // Said by another thread, and not to be part of an answer.
        new PollingConditions(timeout: 30).eventually { assert said.toString().contains('stopped at') }
        answer(':delete')
    }

    /** What the prompt says to a line. */
    private String answer(String line) {
        said.reset()
        repl.execute(line)
        said.toString().stripTrailing()
    }

    private long word(long address) { session.current.memory.u32(address) }

    def "#line shows #text"() {
        expect:
        answer(line) =~ text

        cleanup:
        answer(':delete')

        where:
        line                            || text
        'i r'                           || /^eax \w{8}  ebx/
        'i r eax'                       || /^eax +\d+/
        'info registers eip esp'        || /^eip +\d+ \(0xc01\w+\)\nesp +\d+ \(0xc01\w+\)$/
        'i r $sp'                       || /^esp +\d+/
        'i r exx'                       || /^error: regs exx: no such register$/
        'x/16xw $esp'                   || /^(0x\w{8}(  0x\w{8}){4}\n?){4}$/
        'x/4xw $sp'                     || /^0x\w{8}(  0x\w{8}){4}$/
        'x/s 0xC0100000'                || /^0xc0100000  "GenuineLguest/
        'x/3i $pc'                      || /^clock_nsec:\n=> 0xc01\w+ .*\n.*\n.*$/
        'p/x $esp'                      || /^=> 0xc\w{7}$/
        'p $pc'                         || /^=> \d+ \(0xc01\w+\)$/
        'print/x 255'                   || /^=> 0xff$/
        'output/x 255'                  || /^=> 0xff$/
        'b console_write'               || /^=> stop at\(0xc01\w+\), hits 0  prompt:1$/
        'break *0xc0101000'             || /^=> stop at\(0xc0101000\), hits 0  prompt:1$/
        'b *$eip'                       || /^=> stop at\(0xc01\w+\), hits 0  prompt:1$/
        'b console_write if $eax == 3'  || /^=> stop at\(0xc01\w+\) when \{ }, hits 0  prompt:1$/
        'tb console_write'              || /^=> stop at\(0xc01\w+\), hits 0  prompt:1$/
        'tbreak *0xc0101000'            || /^=> stop at\(0xc0101000\), hits 0  prompt:1$/
        'hbreak *0xc0101000'            || /^=> stop at\(0xc0101000\), hits 0  prompt:1$/
        'info b'                        || /^no probes$/
        'info breakpoints'              || /^no probes$/
        'info symbol console_write'     || /0xc01\w+  T +console_write/
        'info functions console_w'      || /console_write/
        'info line console_write'       || /^console_write:\n/
        'info frame'                    || /^#0  0xc01\w+  clock_nsec/
        'info threads'                  || /\*  puppy  paused/
        'info locals'                   || /^error: info locals: there is info address, all-registers, breakpoints, /
        'disas'                         || /^clock_nsec:\n=> /
        'disassemble console_write'     || /^console_write:\n/
        'bt'                            || /^#0  0xc01\w+  clock_nsec\n#1  /
        'where'                         || /^#0  0xc01\w+  clock_nsec\n#1  /
        'watch clock_ticks'             || /^=> stop write\(0x\w{8}..0x\w{8}\), hits 0  prompt:1$/
        'rwatch clock_ticks'            || /^=> stop read\(0x\w{8}..0x\w{8}\), hits 0  prompt:1$/
        'awatch clock_ticks'            || /^=> stop access\(0x\w{8}..0x\w{8}\), hits 0  prompt:1$/
        'delete 7'                      || /^error: delete 7: guest puppy has no probes$/
        'c 3'                           || /^error: cont 3: ignore N COUNT has a probe pass so many times; then cont$/
        'help b'                        || /^Usage: break /
        'set {int} = 5'                 || /^error: set: set .eax = 1 and set \{int}ADDRESS = 1 set registers and memory$/
        'set {int}(0xC0180000 = 5'      || /^error: set: set .eax = 1 and set \{int}ADDRESS = 1 set/
        'set foo on'                    || /^error: set: set .eax = 1 and set \{int}ADDRESS = 1 set registers and memory$/
        'display/i $pc'                 || /^error: display: stop at\('F'\) run \{ println cpu.eax } shows something at every stop, p EXPRESSION once$/
        'display $eax'                  || /^error: display: stop at/
        'commands 1'                    || /^error: commands: stop at/
        'jump console_write'            || /^error: jump: set .eip = ADDRESS, then cont$/
        'list'                          || /^error: list: there is no source here; dis ADDRESS disassembles$/
        'list console_write'            || /^error: list: there is no source/
        'l'                             || /^error: l: there is no source/
        'kill'                          || /^error: kill: guest\('NAME'\).stop\(\) ends a guest for good; :pause only stops it where it is$/
        'k'                             || /^error: k: guest/
        'detach'                        || /^error: detach: cont lets the guest go on; delete removes all that watches it$/
        'run'                           || /^error: run: boot starts a guest, cont has it go on$/
        'start'                         || /^error: start: boot starts a guest/
        'up'                            || /^error: up: bt shows all frames/
        'frame 1'                       || /^error: frame: bt shows all frames/
        'thread 1'                      || /^error: thread: guests lists guests, use NAME chooses one$/
        'thread apply all bt'           || /^error: thread: guests lists/
        'catch syscall'                 || /^error: catch: stop on\(fault\(PF\)\)/
        'handle SIGINT nostop'          || /^error: handle: stop on/
        'checkpoint'                    || /^error: checkpoint: remember, then rs and rc go back; fork\(\) or save FILE keep a moment, load FILE goes back to it$/
        'reverse-step'                  || /^error: guest puppy is not remembered: say remember\(\)$/
        'reverse-continue'              || /^error: guest puppy is not remembered: say remember\(\)$/
        'rn'                            || /^error: rn: rs N goes back by instructions, rc at\('F'\) to where F was entered$/
        'dump memory f 0 1'             || /^error: dump: save FILE writes all of a guest/
        'generate-core-file'            || /^error: generate-core-file: save FILE/
        'find 0xC0100000, +100, 1'      || /^error: find: memory.find\('text'\) searches memory$/
        'file vmlinux'                  || /^error: file: symbols.load\('System.map'\) has more symbols$/
        'symbol-file vmlinux'           || /^error: symbol-file: symbols.load/
        'target remote :1234'           || /^error: target: guest\('NAME'\) \{ kernel 'FILE' } builds a guest, boot starts it$/
        'attach 1'                      || /^error: attach: guest\('NAME'\)/
        'layout asm'                    || /^error: layout: status on keeps guests in sight/
        'shell ls'                      || /^error: shell: 'COMMAND'.execute\(\).text runs a command of this machine$/
        'define foo'                    || /^error: define: def name\(\) \{ ... } defines a word$/
        'ptype int'                     || /^error: ptype: struct\('name'\)/
        'echo hi'                       || /^error: echo: println 'TEXT' prints$/
        'q!'                            || /^  q!\n/
    }

    def "#line sets #what"() {
        when:
        answer(line)

        then:
        value(session.current.cpu) == expected

        where:
        line                               || what       | expected    | value
        'set $eax=5'                       || 'EAX'      | 5           | { it.eax }
        'set $ecx = $eax + 1'              || 'ECX'      | 6           | { it.ecx }
        'set var $edx = 7'                 || 'EDX'      | 7           | { it.edx }
        'set variable $edx = 0x10'         || 'EDX'      | 16          | { it.edx }
        'set {int}0xC0180000 = 0x12345678' || 'memory'   | 0x12345678L | { word(0xC0180000) }
        'set {char}0xC0180000 = 0x99'      || 'a byte'   | 0x12345699L | { word(0xC0180000) }
        'set {short}0xC0180002 = 1'        || 'a word'   | 0x00015699L | { word(0xC0180000) }
        'set *0xC0180000 = 8'              || 'memory'   | 8L          | { word(0xC0180000) }
        'set *(int *)0xC0180000 = 9'       || 'memory'   | 9L          | { word(0xC0180000) }
        'set {int}clock_ticks = 3'         || 'a symbol' | 3L          | { session.current.memory.u32('clock_ticks') }
    }

    def "probes are disabled, enabled, ignored, given conditions, and deleted, one or all"() {
        given:
        answer('b console_write')
        answer('b clock_nsec')

        expect:
        lines.collect { answer(it) }.last() =~ text

        cleanup:
        answer(':delete')

        where:
        lines                                 || text
        ['disable 1', 'info b']               || /^  1  stop at\(0x\w+\) \(disabled\), .*\n  2  stop at\(0x\w+\), hits/
        ['disable', 'info b']                 || /^  1  .*\(disabled\).*\n  2  .*\(disabled\)/
        ['disable', 'enable', 'info b']       || /^  1  stop at\(0x\w+\), hits 0.*\n  2  stop at\(0x\w+\), hits/
        ['disable', 'enable 2', 'info b']     || /^  1  .*\(disabled\).*\n  2  stop at\(0x\w+\), hits/
        ['delete 1', 'info b']                || /^  1  stop at\(0x\w+\), hits 0  prompt:1$/
        ['d 1 2', 'info b']                   || /^no probes$/
        ['delete', 'info b']                  || /^no probes$/
        ['ignore 1 2']                        || /^=> stop at/
        ['condition 1 $eax == 3', 'info b']   || /^  1  stop at\(0x\w+\) when \{ }/
        ['condition 1 $exx == (']             || /\^\nerror: /
        ['condition 9 $eax == 3']             || /^error: condition 9: guest puppy has probes 1 to 2$/
    }

    def "#line executes as far as it says"() {
        given:
        assert answer('set $eip = clock_nsec') == "=> ${session.current.symbols.address('clock_nsec')} (0x${Long.toHexString(session.current.symbols.address('clock_nsec'))})"
        long before = session.current.cpu.instructions

        when:
        answer(line)
        session.eval('waitFor(10.seconds.host) { state == "paused" }')

        then:
        session.current.cpu.instructions - before == steps

        where:
        line     || steps
        'si'     || 1
        'stepi'  || 1
        's'      || 1
        'step 3' || 3
        'ni'     || 1
        'nexti'  || 1
        'n'      || 1
        'until'  || 1
    }

    def "call calls a function of the guest"() {
        expect:
        answer('call clock_nsec()') ==~ /=> \d+ \(0x\w+\)/
        answer('call clock_nsec') ==~ /=> \d+ \(0x\w+\)/
        answer('call nosuch(1)') =~ /^error: .*nosuch/
    }

    def "a variable of that name is the variable, and what was understood keeps its own complaint"() {
        when:
        answer('list = [1, 2]')

        then:
        answer('list') == '=> [1, 2]'
        answer('run 1.parsec') =~ /parsec/

        cleanup:
        session.variables.remove('list')
    }
}
