package lguest.shell.repl

import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.Session
import lguest.dsl.Streams
import lguest.shell.Samples
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

class ReplSlowSpec extends Specification {
    @TempDir
    Path folder

    def out = new ByteArrayOutputStream()
    def err = new ByteArrayOutputStream()
    int status

    /** What a prompt prints that is fed these lines. */
    private String printed(String input) {
        def ends = new PipeEnds(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new PrintStream(out, true), new PrintStream(err, true))
        new Session(new Streams(System.in, ends.out(), ends.err(), false), Samples.folder, [], true).withCloseable {
            it.consoles { name -> ends.console(name) }
            status = new Repl(ends, it, null, false).run()
        }
        out.toString()
    }

    private String said() { err.toString() }

    def "#input prints #text"() {
        expect:
        printed(input) == text
        status == 0
        said() == ''

        where:
        input                                   || text
        '6 * 7'                                 || '=> 42\n'
        '0xC0100000'                            || '=> 3222274048 (0xc0100000)\n'
        "'text'"                                || '=> text\n'
        'null'                                  || ''
        '[a: 1, b: 2]'                          || 'key  value\na        1\nb        2\n'
        '[[a: 1, b: 2], [a: 3]]'                || 'a  b\n1  2\n3\n'
        '[1, 2]'                                || '=> [1, 2]\n'
        '\n\n   \n// nothing\n'                 || ''
        'def x = 5\nx + 1'                      || '=> 5\n=> 6\n'
        'int twice(int n) {\n  n * 2\n}\ntwice(4)' || '=> 8\n'
        "println 'æ'\n1"                        || 'æ\n=> 1\n'
        '[1, 2, 3].collect {\n it + 1\n}'       || '=> [2, 3, 4]\n'
        ':guests'                               || 'no guests yet\n'
    }

    def "#input is refused with #complaint and status 3, and nothing behind it is read"() {
        expect:
        printed(input + "\nprintln 'never'") == ''
        status == 3
        said().contains(complaint)

        where:
        input                       || complaint
        'wait4'                     || 'error: no word wait4'
        'bot()'                     || 'did you mean boot?'
        ':regz'                     || 'error: no command :regz; did you mean regs?'
        ':step many'                || "'many' is not a long"
        'regs'                      || 'error: there is no guest yet'
        ':use tiny'                 || "error: no guest 'tiny'"
        'x = )'                     || 'x = )\n      ^\nerror: '
        'x = "\t\033[A" )'            || 'x = " ?[A" )\n             ^\nerror: '
        "x = '${'-' * 900}' )"      || "  ${'-' * 98}' )\n  ${' ' * 100}^\nerror: "
        'assert 1 == 2'             || 'error: assertion failed'
        "throw new IOException('disk full')" || 'error: IOException: disk full'
        ':help nosuch'              || 'error: no command :nosuch'
        ':console'                  || 'error: there is no guest yet'
    }

    def "a failure shows the line of #what"() {
        when:
        printed(input)

        then:
        said() == complaint

        where:
        what                      | input                                        || complaint
        'the method that failed'  | 'def f(x) {\n  x.foo()\n}\nf(3)'             || '  x.foo()\nerror: prompt:2: no method foo of Integer\n'
        'several that failed'     | '[1].each {\n  it.bar()\n}'                  || '  it.bar()\nerror: prompt:2: no method bar of Integer\n'
        'nothing that is in sight' | '3.foo()'                                    || 'error: no method foo of Integer\n'
    }

    def "exit and quit end it with their status"() {
        expect:
        printed(input + "\nprintln 'never'") == ''
        status == expected

        where:
        input    || expected
        'exit 7' || 7
        'exit(7)'|| 7
        ':quit'  || 0
        ':q 5'   || 5
    }

    def "a guest from the cradle to the grave"() {
        expect:
        printed('''\
            guest('tiny') {
              memory 16.MB
              kernel 'hello/hello.elf'
            }
            break $eip
            probes
            :step 5
            delete 1
            probes
            step 2
            regs
            mem _start 16
            mem -p 0x100000 5
            boot
            waitFor(10.seconds) { state == 'off' }
            hypercalls
            guests
            '''.stripIndent()) == '''\
            => guest tiny: built
            => stop at(0xc010000d), hits 0  prompt:1
              1  stop at(0xc010000d), hits 0  prompt:1
            _start:
            => 0xc010000d  b8 01 00 00 00        mov    eax,0x1
            no probes
            _start+0xa:
            => 0xc0100017  cd 1f                 int    0x1f
            eax 00000001  ebx 00000000  ecx 00000000  edx 0010013c
            esi 00000000  edi 00000000  ebp 00000000  esp 00000000
            eip c0100017  cs 0061  ss 0069  ds 0069  es 0069  fs 0000  gs 0000
            eflags 00000202 [IF]  cpl 1
            cr0 80050033  cr2 00000000  cr3 00fff000  cr4 00000200
            0xc010000d  b8 01 00 00 00 ba 3c 01  10 00 cd 1f b8 0d 00 00  |......<.........|
            0x00100000  47 65 6e 75 69                                    |Genui|
            Hello from a guest of one page.
            => true
            hypercall    direct  ring  total
            CRASH             1     0      1
            LGUEST_INIT       1     0      1
            SEND_DMA          1     0      1
               guest  state  memory  instructions
            *  tiny   off    16 MB             10  CRASH: Power down
            '''.stripIndent()
        status == 0
        said() == 'tiny stopped at 0xc010000d <_start>\ntiny is off: CRASH: Power down\n'
    }

    def "#command does not let a mistake pass"() {
        expect:
        printed("guest('tiny') { kernel 'hello/hello.elf' }\n$command\nprintln 'never'") == '=> guest tiny: built\n'
        said() == "error: $complaint\n"
        status == 3

        where:
        command               || complaint
        'break nosuch'        || "no symbol 'nosuch'"
        'break _strat'        || "no symbol '_strat'; did you mean _start?"
        'dis 0x10'            || 'guest tiny: nothing is mapped at linear address 0x00000010'
        'mem 0x10'            || 'guest tiny: nothing is mapped at linear address 0x00000010'
        'mem -p 0xF0000000'   || 'mem: physical address 0xf0000000: memory of guest tiny ends at 0x04001000'
        'mem _start 0'        || 'mem: 0 bytes: must be 1 to 1048576'
        'delete 1'            || 'delete 1: guest tiny has no probes'
        'symbols nosuch'      || "no symbol contains 'nosuch'"
        'watch _start 4 5'    || "watch: expected ADDRESS [BYTES] [if CONDITION] in 'watch _start 4 5'"
        'symbols 0xzz'        || 'symbols 0xzz: not an address; expected 0x and up to 8 hexadecimal digits'
        'trace nosuch'        || 'trace nosuch: there is hypercalls, faults, dma, at, read, write, interrupt, off'
        'x/3q esp'            || 'x/3q: expected a number, one of x d u i s, and one of b h w'
        'info nosuch'         || 'info nosuch: there is info address, all-registers, breakpoints, frame, functions, guests, inferiors, interrupts, line, mem, registers, stack, symbol, threads, variables, watchpoints'
        'disable 1'           || 'disable 1: guest tiny has no probes'
        ':console'            || "console: standard input is no terminal; use console.send('text') and console.expect('text')"
    }

    def "a condition of a breakpoint is Groovy, quotes and all"() {
        expect:
        printed('''\
            guest('tiny') { kernel 'hello/hello.elf' }
            break _start if cpu.cpl == 1 && 'a b'.size() == 3
            boot
            waitFor(10.seconds) { state == 'paused' }
            dis -n 1
            '''.stripIndent()).readLines().drop(1) == ['=> stop at(0xc010000d) when { }, hits 0  prompt:1', '=> true', '_start:',
            '=> 0xc010000d  b8 01 00 00 00        mov    eax,0x1']
    }

    def "the mistake in a condition is shown where it stands"() {
        when:
        printed("guest('tiny') { kernel 'hello/hello.elf' }\n  $line")

        then:
        said() =~ caret

        where:
        line                         || caret
        'break _start if 1 + ) 2'    || /^  break _start if 1 \+ \) 2\n {20}\^\nerror: Unexpected input: '\+'\n$/
        ':break _start if ((('       || /^  :break _start if \(\(\(\n {19,24}\^\nerror: /
        ':watch _start if it.vlaue[' || /^  :watch _start if it.vlaue\[\n {19,30}\^\nerror: /
    }

    @Shared
    List<String> shown

    /** What each of these commands prints, all in one session. */
    private String shown(int number) {
        if (shown == null) {
            def commands = ['pt 0xc0100000', 'pt 0x1000', 'pt', 'pt -m', 'map', 'gdt',
                            'idt', 'irq', 'dma', 'x/2xb _start', 'x/d 0xC010000D', 'x/i _start',
                            'x/s 0xC0100000', 'p $eip - 0xC0100000', 'p/x 255', 'info r', 'watch _start', 'tbreak greeting',
                            'trace hypercalls', 'disks', 'engine', 'engine _start']
            shown = printed("guest('tiny') { memory 16.MB; kernel 'hello/hello.elf' }\nrun { hypercalls.total > 0 }\n" +
                commands.collect { "println '----'\n:$it\n" }.join('')).split('(?m)^----$')*.strip().drop(1)
        }
        shown[number]
    }

    def "#command shows #text"() {
        expect:
        shown(number) =~ text

        where:
        number | command               || text
        0      | 'pt 0xc0100000'       || /cr3        0x00fff000\npde  768   0x\w{8} at 0x00fffc00 \[.*P\]\npte  256   0x\w{8} at 0x\w{8} \[.*P\]\nlinear 0xc0100000 is physical 0x00100000$/
        1      | 'pt 0x1000'           || /is not mapped$/
        2      | 'pt'                  || /linear +physical +pages\n0xc0000000  -0xc0ffffff  0x00000000   4096  rw/
        3      | 'pt -m'               || /(?m)^0xc0000000 \|@@@@ {60}\|$/
        4      | 'map'                 || /(?m)^0x00000000  [.#]{64}\n0x00080000 /
        5      | 'gdt'                 || /(?m)^0x0060    0x00000000  0xffffffff    1  code32, readable$/
        6      | 'idt'                 || /^no gates$/
        7      | 'irq'                 || /^pending  none\nblocked  0\nenabled  no\ntimer    not set$/
        8      | 'dma'                 || /(?s)slot  type  device   status.*Console.*nothing is bound$/
        9      | 'x/2xb _start'        || /^0xc010000d  0xb8  0x01$/
        10     | 'x/d 0xC010000D'      || /^0xc010000d  440$/
        11     | 'x/i _start'          || /_start:\n.. 0xc010000d  b8 01 00 00 00        mov    eax,0x1$/
        12     | 'x/s 0xC0100000'      || /^0xc0100000  "GenuineLguest/
        13     | 'p $eip - 0xC0100000' || /^=> \d+$/
        14     | 'p/x 255'             || /^=> 0xff$/
        15     | 'info r'              || /^eax 0000/
        16     | 'watch _start'        || /^=> stop write\(0xc010000d..0xc0100010\), hits 0  prompt:1$/
        17     | 'tbreak greeting'     || /^=> stop at\(0x\w{8}\), hits 0  prompt:1$/
        18     | 'trace hypercalls'    || /^=> before hypercalls.*, hits 0  prompt:1$/
        19     | 'disks'               || /^no disks$/
        20     | 'engine'              || /(?m)^engine \w+ *\ninterpreted +[1-9]\d*\ntranslated +\d+\nblocks +[1-9]\d*$/
        21     | 'engine _start'       || /^nothing is translated at 0xc010000d$/
    }

    def "finish goes on until the function returns"() {
        when:
        printed('''\
            guest('puppy') { kernel 'puppy/puppy.elf'; time virtual }
            tbreak console_write
            boot
            waitFor(10.seconds) { state == 'paused' }
            symbol cpu.eip
            finish
            waitFor(10.seconds) { state == 'paused' && !symbol(cpu.eip).startsWith('console_write') }
            '''.stripIndent())

        then:
        said() =~ /(?m)^puppy stopped at 0xc01\w+ <console_write>\npuppy stopped at 0xc01\w+ <(?!console_write)\w+\+0x\w+>$/
        out.toString().contains('=> console_write\n')
    }

    def "a watchpoint says what was written over what, and where: #how"() {
        when:
        printed("""\
            guest('puppy') { kernel 'puppy/puppy.elf'; time virtual; cmdline 'quiet run=sleeper ' }
            $how
            boot
            waitFor(10.seconds) { state == 'paused' }
            """.stripIndent())

        then:
        said() =~ /(?m)^puppy stopped at 0xc01\w+ <\w+\+0x\w+>: $what$/

        where:
        how                                   || what
        'watch clock_ticks if it.value == 3'  || /write of 0x3 at 0xc01\w{5}, 32 bits, was 0x2/
        'rwatch clock_ticks'                  || /read of 0x\w+ at 0xc01\w{5}, 32 bits/
    }

    def "next over a call of bare code comes back behind it"() {
        given:
        def image = folder.resolve('call.bin')
        // call +3; nop; jmp .; ret
        Files.write(image, 'e803000000 90 ebfe c3'.replace(' ', '').decodeHex())

        when:
        printed("""\
            guest('flat') { platform bare; kernel '$image', at: 0x1000 }
            cpu.esp = 0x8000
            next
            waitFor(10.seconds) { state == 'paused' && cpu.eip != 0x1000 }
            [cpu.eip, cpu.esp, cpu.instructions]
            next
            cpu.eip
            finish
            """.stripIndent())

        then:
        out.toString().contains('=> [4101, 32768, 2]\n')
        out.toString().contains('=> 4102 (0x1006)\n') || out.toString().contains('=> 4102\n')
    }

    def "what may follow #line is #tip"() {
        given:
        def ends = new PipeEnds(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true))

        expect:
        new Session(new Streams(System.in, ends.out(), ends.err(), false), null, [], true).withCloseable {
            new Repl(ends, it, null, false).tip(line)
        } == tip

        where:
        line     || tip
        'mem '   || "ADDRESS [BYTES]  Dumps memory; x/8xw esp is gdb's way to say it."
        ':step ' || '[N]  Executes one instruction of the current guest, or N.'
        'regs '  || "[NAME]  The processor's registers."
        'mem'    || ''
        'mem 3'  || ''
        'mem = ' || ''
        'foo '   || ''
    }

    def "a guest is saved, and goes on from there under another name"() {
        expect:
        printed("""\
            guest('tiny') { memory 16.MB; kernel 'hello/hello.elf'; time virtual }
            step 3
            save '$folder/tiny.lg'
            :save $folder/tiny.lg
            :load $folder/tiny.lg again
            cpu.instructions
            ignore 1 2
            """.stripIndent()).readLines().findAll { it ==~ /=> (guest|\d$).*/ } == ['=> guest tiny: built', '=> guest again: paused', '=> 3']
        said().contains('ignore 1: guest again has no probes')
    }

    def "a guest that is remembered goes back by steps and to what stops it"() {
        expect:
        printed('''\
            guest('tiny') { memory 16.MB; time virtual; kernel 'hello/hello.elf' }
            remember
            step 5
            rs
            reverse-step 2
            break *0xc010000d
            rc
            cont
            waitFor(10.seconds) { !guest('tiny').past }
            rc hypercall(LGUEST_INIT)
            p cpu.instructions
            '''.stripIndent()) == '''\
            => guest tiny: built
            => replay of guest tiny: instructions 0 to 0, 0 inputs
            _start+0x16:
            => 0xc0100023  bb d8 00 10 00        mov    ebx,0x1000d8
            _start+0x11:
            => 0xc010001e  ba 00 00 00 00        mov    edx,0x0
            _start+0xa:
            => 0xc0100017  cd 1f                 int    0x1f
            => stop at(0xc010000d), hits 0  prompt:1
            at 0xc010000d
            _start:
            => 0xc010000d  b8 01 00 00 00        mov    eax,0x1
            => true
            hypercall 1
            _start+0xa:
            => 0xc0100017  cd 1f                 int    0x1f
            => 2
            '''.stripIndent()
        said() == 'tiny is in the present again\n'
    }

    def "a trace is a line for each call, until it is off"() {
        when:
        printed('guest("tiny") { kernel "hello/hello.elf" }\ntrace hypercalls SEND_DMA\nboot\nwaitFor(10.seconds) { state == "off" }\ntrace off\nprobes')

        then:
        said() =~ /(?m)^_start\+0x1b  SEND_DMA\(/
        out.toString().contains('no probes')
    }

    def "disks are listed with what has gone through them"() {
        given:
        def file = Files.write(Files.createTempFile('lguest', null), new byte[4096])

        expect:
        printed("guest('tiny') { memory 16.MB; kernel 'hello/hello.elf'; block '$file', snapshot }\n:disks") =~
            /(?m)^lgba  $file  SNAPSHOT        8      0    0       0    0       0   0     0$/

        cleanup:
        Files.delete(file)
    }

    def "a name that a variable has is the variable"() {
        expect:
        printed('r = 5\nr\n:guests') == '=> 5\n=> 5\nno guests yet\n'
    }
}
