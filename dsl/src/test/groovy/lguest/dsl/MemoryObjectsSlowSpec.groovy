package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('memory as objects: structures, signed views, page tables, differences; and a trace')
class MemoryObjectsSlowSpec extends Specification {
    private static final String STOPPED = Scripts.puppy() + 'boot(); expect "puppy> "\n'

    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "a structure is laid over memory: #what"() {
        when:
        def ended = run(STOPPED + "$what\nexit 0")

        then:
        ended.err == ''
        ended.out.trim() == out

        where:
        what                                                                                           || out
        "def dma = struct('lguest_dma') { u32 'used_len'; u32 'addr', 16; u16 'len', 16 }; println dma.bytes" || '100'
        "println struct('s') { u8 'a'; u32 'b'; u16 'c'; u8 'd' }"                                     || 'struct s, 12 bytes\n  +0x00  u8 a\n  +0x04  u32 b\n  +0x08  u16 c\n  +0x0a  u8 d'
        "def s = struct('s') { s16 'a'; s32 'b', 2 }.on(physical, 0x5000); s.a = -2; s.b = [-1, 7]; println \"\$s.a \$s.b \${physical.u16(0x5000)} \${physical.u32(0x5004)}\"" || '-2 [-1, 7] 65534 4294967295'
        "def s = struct('s') { text 'name', 8; skip 4; u8 'x' }.on(physical, 0x5000); s.name = 'sevenxx'; s.x = 9; println \"\$s.name \${physical.u8(0x500c)} \$s\"" || "sevenxx 9 s at 0x00005000 { name: 'sevenxx', x: 9 }"
        "println struct('t') { u32 'ticks' }.at('clock_ticks').ticks == memory['clock_ticks']"           || 'true'
        "println struct('t') { u32 'a'; u8 'b' }.offset('b')"                                           || '4'
        "physical.u32(0x5000, 0xFFFFFF80); println \"\${physical.s8(0x5000)} \${physical.s16(0x5000)} \${physical.s32(0x5000)}\"" || '-128 -128 -128'
    }

    def "a walk shows what the page tables say of an address"() {
        when:
        def ended = run(STOPPED + '''
            def walk = linear('clock_ticks').walk()
            println walk.physical == symbols.address('clock_ticks') - PAGE_OFFSET
            println "$walk.pde.present $walk.pte.present $walk.pte.writable $walk.pte.user"
            println physical.u32(walk.physical) == memory['clock_ticks']
            println linear(0x10000).walk().physical
            println linear(symbols.address('clock_ticks')).symbol
            println walk
            exit 0
        ''')
        def lines = ended.out.readLines()

        then:
        ended.err == ''
        lines[0..4] == ['true', 'true true true false', 'true', 'null', 'clock_ticks']
        lines[5] ==~ /linear 0x[0-9a-f]{8}/
        lines[6] ==~ /pde at 0x[0-9a-f]{8} = 0x[0-9a-f]{8}  writable .*/
        lines[7] ==~ /pte at 0x[0-9a-f]{8} = 0x[0-9a-f]{8}  writable kernel accessed.*/
        lines[8] ==~ /physical 0x[0-9a-f]{8}/
    }

    def "without paging a walk is short"() {
        when:
        def ended = run("guest('flat') { platform bare; memory 2.MB; kernel '${Scripts.SAMPLES}/bare/bare-flat.bin', at: 0x100000 }; println linear(0x1234).walk(); exit 0")

        then:
        ended.out == 'linear 0x00001234\nphysical 0x00001234\n'
    }

    def "what has changed between two moments"() {
        when:
        def ended = run(STOPPED + '''
            def before = physical.copy(0x5000..0x50FF)
            println before.changes
            physical.write(0x5010, [1, 2, 3])
            physical.u8(0x50FF, 9)
            println before.changes.join('; ')
            def ticks = memory.copy('clock_ticks', 4)
            sendLine 'run sleeper'
            expect 'sleeper: exit'
            println ticks.changes.size()
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['[]', '0x00005010  000000 -> 010203; 0x000050ff  00 -> 09', '1']
    }

    def "trace says a line for each event: #verbs"() {
        when:
        def ended = run(Scripts.hello() + "$verbs; boot()")

        then:
        ended.out == ''
        ended.err.readLines().every { it ==~ /hello 0\.\d{6} _start(\+0x\w+)?: [A-Z_]+\(.*\)/ }
        ended.err.readLines().size() == lines

        where:
        verbs                                                         || lines
        'trace hypercalls'                                            || 3
        'trace hypercall(SEND_DMA)'                                   || 1
        'trace(hypercalls()) when { it.name != "CRASH" }'             || 2
        '(trace hypercalls).disable()'                                || 0
    }

    def "mistakes are named: #script"() {
        when:
        def ended = run(STOPPED + script)

        then:
        ended.status == 3
        ended.err == "test.lgs:3: $message\n"

        where:
        script                                                         || message
        "struct('s') { u32 'next' }.at('clock_ticks').nxt"             || 'struct s has no field nxt; did you mean next?'
        "struct('s') { u32 'a'; u8 'a' }"                              || 'struct s: there is a field a already'
        "struct('s') { u32 'a', 0 }"                                   || 'struct s: 0 of a: can be 1 to 262144'
        "struct('s') { text 'a', 4 }.on(physical, 0x5000).a = 'four'"  || "field a: 'four' has 4 bytes, there is room for 3 and a zero"
        "struct('s') { u16 'a', 2 }.on(physical, 0x5000).a = 3"        || 'field a: 3: give a list of up to 2 numbers'
        "struct('s') { u23 'a' }"                                      || 'no word u23 in struct { }; did you mean u32?'
        "linear('clock_tick').walk()"                                  || "no symbol 'clock_tick'; did you mean clock_ticks?"
    }
}
