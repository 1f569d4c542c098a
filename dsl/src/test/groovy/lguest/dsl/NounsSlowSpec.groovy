package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('what a script sees of a guest')
class NounsSlowSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "#expression is #value"() {
        when:
        def ended = run("println($expression)")

        then:
        ended.err == ''
        ended.out == "$value\n"

        where:
        expression                        || value
        '64.MB'                           || 67108864
        '4.KB'                            || 4096
        '1.5.GB'                          || 1610612736
        '60.seconds'                      || 'PT1M'
        '1.second + 500.ms'               || 'PT1.5S'
        '5.minutes == 300.seconds'        || true
        '100.us'                          || 'PT0.0001S'
        '1000.instructions'               || '1000 instructions'
        'hex 4096'                        || '0x00001000'
        'hex(-1)'                         || '0xffffffff'
        'hex 0xC0300000'                  || '0xc0300000'
        'SET_PTE'                         || 'SET_PTE'
        'PF.vector'                       || 14
        'PRESENT | DIRTY'                 || 65
        'CONSOLE_KEY'                     || 0
        'PAGE_OFFSET == 0xC0000000'       || true
        'args'                            || '[]'
        'at(0xC0100000)'                  || "at(0xc0100000)"
        'on(fault(GP))'                   || 'fault(GP)'
        'hypercalls(SEND_DMA, BIND_DMA)'  || 'hypercalls(SEND_DMA, BIND_DMA)'
        'hypercall(TS)'                   || 'hypercall(TS)'
        'fault(TS)'                       || 'fault(TS)'
        'write(0xC0300000..0xC0300FFF)'   || 'write(0xc0300000..0xc0300fff)'
        'read("jiffies")'                 || "read('jiffies')"
        'dma(0)'                          || 'dma(0)'
        'interrupt(3)'                    || 'interrupt(3)'
    }

    def "of a guest that stands at a function, #expression is #value"() {
        when:
        def ended = run(Scripts.puppy() + "stop at('console_write')\nboot(); waitFor { state == 'paused' }\nprintln($expression); exit 0")

        then:
        ended.err == ''
        ended.out == "$value\n"

        where:
        expression                                         || value
        'symbol cpu.eip'                                   || 'console_write'
        'symbols.at(cpu.eip + 2)'                          || 'console_write+0x2'
        'symbols.address("console_write") == cpu.eip'      || true
        'symbols.has("no_such_thing")'                     || false
        'cpu.cpl'                                          || 1
        'hex cpu.cs'                                       || '0x00000061'
        'cpu.esp > 0xC0000000'                             || true
        '{ cpu.eax = 0xFFFFFFFF; cpu.eax }()'              || 4294967295
        '{ cpu.eax = -2; cpu.eax }()'                      || 4294967294
        '{ cpu.eflags = 0x246; cpu.flags }()'              || 'PF ZF IF'
        'hex memory["console_write"]'                      || '0x008cec81'
        'hex physical[symbols.address("console_write") - PAGE_OFFSET]' || '0x008cec81'
        'memory.u8("console_write")'                       || 0x81
        'memory.u16("console_write")'                      || 0xEC81
        'memory["console_write+0x1"]'                      || 0x00008CEC
        'memory[cpu.eip..cpu.eip + 3]'                     || '[-127, -20, -116, 0]'
        'memory[cpu.eip..<cpu.eip + 3].length'             || 3
        'memory.bytes(cpu.eip, 2).length'                  || 2
        'memory.text(memory.find("puppy: type help"), 10)' || 'puppy: typ'
        'memory.find("nothing says this")'                 || null
        'physical.find("puppy: type help") + PAGE_OFFSET == memory.find("puppy: type help")' || true
        '{ memory[cpu.esp - 64] = 0xDEADBEEF; hex memory[cpu.esp - 64] }()' || '0xdeadbeef'
        '{ memory[cpu.esp - 64] = "ab"; memory.u16(cpu.esp - 64) }()'       || 0x6261
        '{ memory.u8(cpu.esp - 64, 7); memory.u8(cpu.esp - 64) }()'         || 7
        'memory.dump(cpu.eip, 6)' || "${Scripts.inPuppy('console_write').substring(2)}  81 ec 8c 00 00 00${' ' * 33}|......|\n"
        'physical.dump(0xFFFFFFF8, 1.KB)' || "fffffff8 ${' ??' * 8}${' ' * 27}|........|\n"
        'memory.dump(0x10, 2)'    || "00000010  ?? ??${' ' * 45}|..|\n"
        'disassemble(cpu.eip, 2)' || 'console_write:\n' +
            "${Scripts.inPuppy('console_write').substring(2)}  81 ec 8c 00 00 00        sub    esp,0x8c\n" +
            "${Scripts.inPuppy('console_write', 6).substring(2)}  31 d2                    xor    edx,edx\n"
        'disassemble().size()'                             || 10
        'disassemble(0x10)[0].text'                        || '(not mapped)'
        'descriptors[0].type'                              || 1
        'dma.bound'                                        || '[0]'
        'guest("puppy").with { statistics.interpreted + statistics.translated == instructions }' || true
        'guest("puppy").statistics.blocks > 10'            || true
        'guest("puppy").region(0x10)'                      || null
        'hypercalls[LGUEST_INIT]'                          || 1
        'hypercalls["LHCALL_LGUEST_INIT"]'                 || 1
        'hypercalls.counts.LGUEST_INIT'                    || 1
        'state'                                            || 'paused'
        'exitReason'                                       || null
        'interrupts.pending'                               || '[]'
        '{ interrupts.raise 5; interrupts.pending }()'     || '[5]'
        'guest("puppy")'                                   || 'guest puppy: paused'
        'guests.keySet()'                                  || '[puppy]'
        'probes'                                           || "[stop at('console_write'), hits 1  test.lgs:2]"
    }

    def "the console of a guest can go to several places"() {
        given:
        Path log = folder.resolve('console.log')

        when:
        def ended = run(Scripts.hello("console stdout; console '$log'; console { log it.trim().reverse() }") + 'boot()')

        then:
        ended.out == 'Hello from a guest of one page.\n'
        log.toFile().text == ended.out
        ended.err == '.egap eno fo tseug a morf olleH\n'
    }

    def "bytes sent to a DMA key arrive, and those the guest sends can be received"() {
        when:
        def ended = run(Scripts.puppy() + '''
            boot()
            expect 'puppy> '
            println dma.bound
            println dma[CONSOLE_KEY].buffers*.line
            def seen = ''
            dma[CONSOLE_KEY].receive { seen += new String(it) }
            println dma[CONSOLE_KEY].send('echo hi\\n')
            expect 'puppy> '
            println seen.readLines()[1]
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out == '[0]\n[1]\n8\nhi\n'
    }

    def "a table prints in columns"() {
        expect:
        run("print table(one: 1, 'twenty-two': 22); print table([[a: 'x', n: 5], [a: 'long', n: 10]]); print table(['p', 'q'])").out == '''\
            what        value
            one             1
            twenty-two     22
            a      n
            x      5
            long  10
            value
            p
            q
            '''.stripIndent()
    }
}
