package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a guest goes so far and no further, and calls what it is told to')
class ControlSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "runs until #until"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet run=sleeper '") + """
            def end = run $until
            println "\$end.kind \${$what}"
            println probes
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == [out, '[]']

        where:
        until                                     | what                          || out
        "at('console_write')"                     | 'symbol cpu.eip'              || 'BREAKPOINT console_write'
        'on(fault(PF))'                           | 'hypercalls[LGUEST_INIT]'     || 'BREAKPOINT 1'
        'on(faults)'                              | 'cpu.instructions > 0'        || 'BREAKPOINT true'
        'hypercall(SET_STACK)'                    | 'hypercalls.last'             || 'BREAKPOINT SET_STACK'
        "console('[1] sleeper')"                     | "console.text.contains('[1] sleeper')" || 'BREAKPOINT true'
        "on(change('clock_ticks')), 5.seconds"    | "memory['clock_ticks']"       || 'BREAKPOINT 1'
        "on(change('clock_ticks')), 5.seconds"    | "{ end.reason.replaceAll(/0xc\\w+/, 'there') }()" || 'BREAKPOINT write of 0x1 at there, 32 bits, was 0x0'
        '5000.instructions'                       | 'cpu.instructions'            || 'LIMIT 5000'
        '2.ms'                                    | 'guests.puppy.time.toMillis()' || 'LIMIT 2'
        "at('panic'), 1.second"                   | 'guests.puppy.time.toMillis()' || 'LIMIT 1000'
        '{ hypercalls[SET_STACK] > 0 }'           | 'cpu.instructions > 0'        || 'CONDITION true'
    }

    def "steps into, over and out of a function"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            run at('console_write')
            println symbol(cpu.eip)
            def caller = backtrace[1].symbol
            stepOut()
            println symbol(cpu.eip) == caller
            def behind = cpu.eip
            sendLine 'help'
            run at(behind - (2..7).find { disassemble(behind - it, 1)[0].with { line -> line.text.startsWith('call') && line.bytes.length == it } })
            println disassemble(cpu.eip, 1)[0].text.startsWith('call')
            def before = cpu.instructions
            stepOver()
            println cpu.eip == behind && cpu.instructions - before > 1
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == ['console_write', 'true', 'true', 'true']
    }

    def "a guest that sleeps for ever has no more instructions to step"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '; time $time") + """
            run console('puppy> ')
            run 100.ms
            println step(1_000_000).kind
            println state
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == ['CONDITION', 'halted']

        where:
        time << ['virtual', 'host']
    }

    def "calls functions of the guest: #call"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            run console('puppy> ')
            run 100.ms
            def registers = { [cpu.eax, cpu.ebx, cpu.ecx, cpu.edx, cpu.esi, cpu.edi, cpu.ebp, cpu.esp, cpu.eip, cpu.eflags] }
            def before = registers()
            println guests.puppy.$call
            println registers() == before
            boot()
            sendLine 'run hello'
            expect '[1] hello'
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == [result, 'true']

        where:
        call                                                                  || result
        "call('strlen', 'seven b')"                                           || '7'
        "call('memcmp', 'abc', 'abd', 3) != 0"                   || 'true'
        "call('memcmp', 'abc', 'abd', 2)"                                     || '0'
        "call('strlen', memory.find('a small kernel'), timeout: 1.second) > 14" || 'true'
    }

    def "a call that cannot be made says why: #code"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + "run console('puppy> ')\n$code")

        then:
        ended.status == 3
        ended.err ==~ message

        where:
        code                                                              || message
        "guests.puppy.call('strlne', 'x')"                                             || /test\.lgs:3: no symbol 'strlne'; did you mean strlen\?\n/
        "guests.puppy.call('strlen', 'x', time: 1.second)"                             || /test\.lgs:3: call\('strlen'\): no option time\n/
        "guests.puppy.call('strlen', 'x', timeout: 1)"                                 || /test\.lgs:3: call\('strlen'\): timeout 1: say the unit, 1\.seconds\n/
        "guests.puppy.call('strlen', 1.5)"                                             || /test\.lgs:3: call\('strlen'\): argument 1\.5: must be a number of 32 bits\n/
        "guests.puppy.call('strlen', 'x', regparm: 4)"                                 || /test\.lgs:3: call\('strlen'\): regparm 4: can be 0 to 3\n/
        "guests.puppy.call('console_read', 0, timeout: 10.ms)"                         || /(?s)test\.lgs:3: .*\n/
        "stop at('strlen')\nguests.puppy.call('strlen', 'x')"                          || /test\.lgs:4: call\('strlen'\) did not come back: at 0x\w+; guest puppy is at 0x\w+ strlen\n/
        "(before at('console_write') run { guests.puppy.call('strlen', 'x') })\nsendLine ''\nrun 1.second" ||
            /(?s)test\.lgs:3: call\('strlen'\): a hook is in the middle of an instruction; stop the guest, and call then \(guest puppy .*/
    }

    def "says who called whom"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            run at('console_write')
            println backtrace*.symbol.collect { it.replaceFirst(/\\+.*/, '') }
            println backtrace*.guessed.any()
            println backtrace[0]
            println backtrace[1].address > PAGE_OFFSET
            exit 0
        """)

        then:
        ended.err == ''
        def lines = ended.out.readLines()
        lines[0].startsWith('[console_write, ')
        lines[0].tokenize(',').size() > 2
        lines[2] ==~ /#0  0x[0-9a-f]{8}  console_write/
        lines[3] == 'true'
    }

    def "guesses callers where there are no frame pointers"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            run at('console_write')
            def honest = backtrace*.address
            step 6
            cpu.ebp = 5
            def guessed = backtrace
            println guessed.any { it.guessed && it.address == honest[1] }
            println guessed.findAll { it.guessed }.every { it.toString().endsWith('  ?') }
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == 'true\ntrue\n'
    }

    def "memory has text of any length, and structures point to it"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            run console('puppy> ')
            long at = symbols.address('boot_stack')
            memory.write(at, 'x' * 5000 + '\\0')
            memory[at + 6000] = at + 4990
            memory[at + 6004] = 0
            def named = struct('named') { cstring 'name'; cstring 'other'; u32 'after' }
            println memory.cstring(at).size()
            println named.at(at + 6000).name + ' ' + named.at(at + 6000).other + ' ' + named.offset('after')
            named.at(at + 6000).other = at + 4999
            println named.at(at + 6000).other
            memory.cstring(0xFFFFFFF0L)
        """)

        then:
        ended.status == 3
        ended.out.readLines() == ['5000', 'xxxxxxxxxx null 8', 'x']
        ended.err ==~ /test\.lgs:13: guest puppy: nothing is mapped at linear address 0x[0-9a-f]{8}, and no zero byte before it\n/
    }

    def "disassembles in both syntaxes"() {
        when:
        def ended = run(Scripts.hello() + 'println disassemble("_start", 2)\nprintln disassemble("_start", 2).att\nexit 0')
        def lines = ended.out.readLines().findAll()

        then:
        ended.err == ''
        lines[0] == '_start:'
        lines[1].contains(' mov ') && lines[4].contains('$') && lines[4].contains('%')
        lines[1].take(30) == lines[4].take(30)
    }

    def "a kernel without kallsyms says so"() {
        expect:
        run(Scripts.hello() + 'symbols.kallsyms()').err ==
            'test.lgs:2: symbols.kallsyms: there are none in the memory of guest hello: its kernel has no CONFIG_KALLSYMS, or has not unpacked itself yet\n'
    }
}
