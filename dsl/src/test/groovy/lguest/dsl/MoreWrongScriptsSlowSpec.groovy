package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/** Mistakes of people who know other tools, or forget something; ScriptErrorsSlowSpec and WrongScriptsSpec have the others. */
@Title('who says it another way is told how it is said here')
class MoreWrongScriptsSlowSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String script) {
        new Scripts(folder).run(script.replace('PUPPY', "'$Scripts.PUPPY'").replace('HELLO', "'$Scripts.HELLO'").replace('ECHO', "'$Scripts.ECHO'"))
    }

    def "in a guest's block: #block"() {
        given:
        Files.write(folder.resolve('flat.bin'), [0xF4] as byte[])
        Files.write(folder.resolve('initrd'), [0] as byte[])

        when:
        def ended = run("println 'built'\nguest('p') { $block }\nprintln 'never'\n")

        then:
        ended.status == 3
        ended.out == '' || ended.out == 'built\n'
        ended.err == "test.lgs:2: $message\n"

        where:
        block                                                    || message
        'kernel PUPPY; cmdline = "quiet"'                        || 'cmdline = ...: say cmdline ..., without ='
        'kernel = PUPPY'                                         || 'kernel = ...: say kernel ..., without ='
        'kernel PUPPY; memory 64'                                || 'memory 64: say the unit, memory 64.MB'
        'kernel PUPPY; port(0xE9) { write { } }'                 || "guest p: port is for a bare machine: platform bare; under lguest's Host say replace port(0x60) run { }"
        'kernel PUPPY; page(0xA0000) { }'                        || 'guest p: page is for a bare machine: platform bare'
        'kernel HELLO, at: 0x100000'                             || 'guest p: kernel at: is for a bare machine: platform bare'
        "platform bare; kernel 'flat.bin'; initrd 'initrd'"      || 'guest p: a flat image has no initrd'
        'kernel ECHO; device("e") { type 64 }; device("e") { type 65 }' || 'device e: there is one of that name already'
        'kernel ECHO; device("e") { type = 64 }'                 || 'type = ...: say type ..., without ='
        "kernel PUPPY; time 'virtual'"                           || "time 'virtual': say time virtual, without quotes"
        "kernel PUPPY; engine 'both'"                            || "engine 'both': say engine both, without quotes"
        'kernel'                                                 || 'kernel: say what, kernel ..., or kernel()'
        'kernel PUPPY; boot()'                                   || "there is no guest yet: build one with guest('name') { }"
        'kernel PUPPY; frames { drop() }'                        || 'no word frames in guest { }'
        'kernel PUPPY; usernet { forward 99999, to: 22 }'        || 'usernet: forward 99999:22: port 99999, must be 1 to 65535'
        "kernel PUPPY; sharenet '/tmp'"                          || "cannot open net file '/tmp': Is a directory"
    }

    def "before there is a guest: #line"() {
        when:
        def ended = run("\n$line\n")

        then:
        ended.status == 3
        ended.err == "test.lgs:2: $message\n"

        where:
        line                            || message
        'guest { kernel PUPPY }'        || "a guest has a name, and a block that says what it is made of: guest('tiny') { kernel 'vmlinux' }"
        'guest(5) { kernel PUPPY }'     || "a guest has a name, and a block that says what it is made of: guest('tiny') { kernel 'vmlinux' }"
        "guest('p')"                    || "no guest 'p'"
        'restore null'                  || 'restore null: give the name of a file'
        "peer('/nosuch/dir/wire') { }"  || "cannot open net file '/nosuch/dir/wire': No such file or directory"
        'catch(fault(GP))'              || 'catch is a word of Groovy, and none of this language: say stop on(fault(GP))'
        "break at('main')"              || "break is a word of Groovy, and none of this language: say stop at('start_kernel')"
        'continue now'                  || 'continue is a word of Groovy, and none of this language: say boot(), or run(2.seconds)'
    }

    def "about a guest: #line"() {
        when:
        def ended = run("guest('p') { kernel PUPPY; cmdline 'quiet ' }\n$line\n")

        then:
        ended.status == 3
        ended.err == "test.lgs:2: $message\n"

        where:
        line                                           || message
        'stop at()'                                    || "at(): say which, as in at('start_kernel')"
        'before hypercall() run { }'                   || 'hypercall(): say which, as in hypercall(SET_PTE), or all: hypercalls'
        'stop on(fault())'                             || 'fault(): say which, as in fault(GP), or all: faults'
        'stop on(read())'                              || 'read(): say which, as in read(0xC0300000..0xC0300FFF)'
        'stop faults(null)'                            || 'faults(): say which, as in faults(GP), or all: faults'
        'stop hypercalls(SET_PTE, null)'               || 'hypercalls(): say which, as in hypercalls(SET_PTE), or all: hypercalls'
        'stop'                                         || 'stop: say which event, as in stop hypercall(SET_PTE)'
        'println time'                                 || "time: say which event, as in time hypercall(SET_PTE); that of a guest is guest('name').time"
        'count()'                                      || 'count: say which event, as in count hypercall(SET_PTE)'
        "guest('p').boot.x"                            || 'boot: say what, boot ..., or boot()'
        'stop on(change())'                            || "change(): say which, as in change('jiffies')"
        'before dma() run { }'                         || 'dma(): say which, as in dma(CONSOLE_KEY), or all: dma'
        'before port() run { }'                        || 'port(): say which, as in port(0x60), or all: ports'
        'stop on(console())'                           || "console(): say which, as in console('login:'), or all: console"
        'stop interrupt()'                             || 'interrupt(): say which, as in interrupt(0), or all: interrupts'
        'stop interrupt(0..99)'                        || 'interrupt(0..99): lines are 0 to 31'
        'stop interrupt("timer")'                      || "interrupt(timer): lines are 0 to 31"
        "stop 'console_write'"                         || "stop 'console_write': say which event, stop at('console_write')"
        'before { println it }'                        || 'before { }: say first which event, before hypercall(SET_PTE)'
        "stop on('console_write')"                     || "on('console_write'): say which event, stop at('console_write') or stop on(write('console_write'))"
        "on(at('console_write')) { }"                  || "on does nothing by itself: say a verb, before at('start_kernel') run { }"
        'on hypercall(SET_PTE) run { }'                || 'no method run of an event: an event does nothing without a verb; say before, after, replace, stop, trace, count or time first'
        'hypercall(SET_PTE) when { } run { }'          || 'no method when of an event: an event does nothing without a verb; say before, after, replace, stop, trace, count or time first'
        "stop at('console_write') when 'eax == 1'"     || 'when takes a closure: when { }'
        "stop at('console_write') when cpu.eax == 1"   || 'when takes a closure: when { }'
        "before at('console_write') run 5"             || 'run takes a closure: run { }'
        "before at('console_write') by { 1 }"          || 'no method by of a hook; only count and time tell things apart'
        "before at('console_write') then { }"          || 'no method then of a hook; say run { }'
        'count hypercalls by "name"'                   || 'by takes a closure: by { }'
        "watch write('console_write')"                 || "no word watch; say stop on(write(0xC0300000)) or stop on(change('jiffies'))"
        "tbreak 'console_write'"                       || "no word tbreak; say stop at('start_kernel') once()"
        'finish()'                                     || 'no word finish; say stepOut()'
        'println where'                                || "no word where; a guest has: say guest('name').where"
        "guest('p').expect 'x'"                        || 'no method expect of a guest; its console has: say console.expect'
        "console.text = 'x'"                           || 'console.text is what guest p has printed; to type, say console.send'
        "stop at('console_write') ignore(-1)"          || 'ignore -1: must be 0 or more'
        'stop on(interrupt(5..2))'                     || 'interrupt(5..2): the first line comes after the last'
        'sleep(3.seconds.host)'                        || "sleep(PT3S of host time): it is the guest's time that passes; give 3000.ms"
        "run 'ls'"                                     || "run 'ls': a command of the guest's shell is sh 'ls'; a function, run at('ls')"
        "guest('p').sendLine 'x'"                      || 'no method sendLine of a guest; its console has: say console.sendLine'
        'disks[0].fault { }'                           || 'disks[0]: guest p has 0'
        'waitFor 5.seconds'                            || "waitFor takes a closure: waitFor(60.seconds) { state == 'off' }"
        "expect ''"                                    || "expect '': nothing is always there already; give text, or a pattern like ~/login:/"
        'expect()'                                     || 'expect does not take what it is given here'
        'every(-1.ms) run { }'                         || 'every -1 ms: must be more than nothing, as in 1.ms or 1000.instructions'
        'physical[0x10..0x0]'                          || '0x00000010..0x00000000 of memory: the first address comes after the last'
        'physical.u8(0x1000, 256)'                     || 'u8 256: must be a number of 8 bits'
        'physical.u16(0x1000, -32769)'                 || 'u16 -32769: must be a number of 16 bits'
        "struct('x') { u64 'a' }"                      || 'no word u64 in struct { }'
        "struct('x') { u32 'a', -4 }"                  || 'struct x: -4 of a: can be 1 to 262144'
        "save '/tmp'"                                  || "save '/tmp': cannot be written: not a regular file"
        "pcap '/tmp/nothing.pcap'"                     || 'guest p has no network to record'
        'stepOut()'                                    || 'stepOut: no return address is to be found on the stack'
    }

    def "while it runs: #hook"() {
        when:
        def ended = run("guest('p') { kernel HELLO; console stdout }\n$hook\nboot()")

        then:
        ended.status == 3
        ended.err ==~ /test\.lgs:2: $message \(guest p paused at 0xc01\S+( _start\S*)?\)\n/

        where:
        hook                                                                || message
        'replace hypercall(SEND_DMA) run { proceed 1, 2, 3, 4 }'            || 'proceed: 4 arguments, a hypercall has up to 3'
        "replace hypercall(SEND_DMA) run { proceed 'x' }"                   || 'edx = x: must be a number of 32 bits'
        "after hypercall(SEND_DMA) run { it.result = 'x' }"                 || 'result = x: must be a number of 32 bits'
        'before hypercall(SEND_DMA) run { it.result = 5 }'                  || "result: there is none yet in 'before'; say after, or replace"
        'before dma run { it.result = 5 }'                                  || "result: there is none yet in 'before'; say after, or replace"
        "before hypercall(SEND_DMA) run { it.name = 'x' }"                  || 'name of SendDma can only be read'
        'before hypercall(SEND_DMA) run { String key, int dma -> }'         || 'the closure does not take \\(0, \\d+\\)'
        "before hypercall(SEND_DMA) run { expect 'x' }"                     || 'guest p is running: a hook cannot wait for guests'
        'def h; h = before hypercalls run { h.run { h.remove(); 1 / 0 } }'  || 'ArithmeticException: Division by zero'
        'def f; f = { f() }; before hypercalls when { f() } run { }'        || 'calls itself without end'
        'every 1.instructions run { [][1].x }'                                        || "NullPointerException: Cannot get property 'x' on null object"
    }

    def "what was to happen at the end happens, though something before it failed"() {
        given:
        Path gone = Files.createDirectory(folder.resolve('gone'))

        when:
        def ended = run("""\
            guest('p') { kernel HELLO }
            report('$gone/r.md') { count hypercalls }
            report('$folder/r.md') { count hypercalls }
            new File('$gone').deleteDir()
            atEnd { println 'first' }
            atEnd { throw new Exception('second') }
            atEnd { println 'third' }
            boot()
            """.stripIndent())

        then:
        ended.status == 3
        ended.out == 'first\nthird\n'
        ended.err == 'test.lgs:6: Exception: second\n'
        Files.readString(folder.resolve('r.md')).contains('## count hypercalls')
    }

    def "an assertion is as good at the end as before it"() {
        when:
        def ended = run("guest('p') { kernel HELLO }\natEnd { assert hypercalls.total == 4 }\nboot()")

        then:
        ended.status == 1
        ended.err.startsWith('test.lgs:2: assertion failed: assert hypercalls.total == 4')
    }

    def "a device that comes too late does not come at all"() {
        when:
        def ended = run("""\
            guest('p') { kernel PUPPY; cmdline 'quiet ' }
            run 10.instructions
            try { device('late') { type 64 } } catch (e) { println e.message }
            println fork().descriptors.size() == descriptors.size()
            device('late') { type 64 }
            """.stripIndent())

        then:
        ended.status == 3
        ended.out == 'device late: guest p has run already; say it before boot\ntrue\n'
        ended.err == 'test.lgs:5: device late: guest p-2 has run already; say it before boot\n'
    }

    def "a report that cannot be written in the end names its line"() {
        given:
        Path gone = Files.createDirectory(folder.resolve('gone'))

        when:
        def ended = run("guest('p') { kernel HELLO }\nreport('$gone/r.md') { count hypercalls }\nnew File('$gone').deleteDir()\nboot()")

        then:
        ended.status == 3
        ended.err == "test.lgs:2: report '$gone/r.md': cannot be written: No such file or directory\n"
    }
}
