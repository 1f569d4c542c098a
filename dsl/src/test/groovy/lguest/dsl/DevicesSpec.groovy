package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('devices that scripts serve: timers, interrupts, memory, state')
class DevicesSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    /** A device that answers with what it is asked, and how often it was, after 20 ms. */
    static final String PATIENT = """
        device('patient') {
            type 70
            state.count = 0
            timer('answer') { reply "\${++state.count}: \$state.text" }
            sent { dma ->
                state.text = dma.text
                start 'answer', 20.ms
            }
        }
    """

    def "a timer strikes when it is due, in the guest's time"() {
        when:
        def ended = run(PATIENT + Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            sendLine 'ask 70 when'
            def asked = guests.puppy.time
            expect '1: when'
            println guests.puppy.time.minus(asked).toMillis() in [20L, 21L]
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == 'true\n'
    }

    def "a timer that is set when the guest is saved strikes in the restored one, with the state there was"() {
        when:
        def ended = run(PATIENT + Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            sendLine 'ask 70 first'
            expect '1: first'
            expect 'puppy> '
            sendLine 'ask 70 second'
            run 10.ms
            save '$folder/asked.lg'
            def twin = fork('twin')
            def again = restore('$folder/asked.lg') {
                name 'again'
                ${PATIENT}
            }
            [twin, again].each { guest ->
                use guest
                boot()
                expect '2: second'
                println guest.time.toMillis()
            }
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines().toSet().size() == 1
        ended.out.readLines().size() == 2
    }

    def "a device raises interrupts and has memory of its own"() {
        when:
        def ended = run("""
            device('box') {
                type 70
                pages 2
                sent { dma ->
                    physical[key + 4096] = physical[key + 4096] + 1
                    raise 9
                    reply hex(key) + ' ' + physical[key + 4096]
                }
            }
            """ + Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            def line9 = count interrupt(9)
            sendLine 'ask 70 once'
            println expect(~/0x0100\\w+ 1/)
            println interrupts.pending
            exit 0
        """)

        then:
        ended.err == ''
        ended.out ==~ /0x0100\w+ 1\n\[.*\]\n/
    }

    def "pages of a bare guest are registers, in RAM or behind it: at #address"() {
        given:
        // mov eax,[a]; inc eax; mov [a+8],ax; mov [a+12],al; out 0x10,al
        def at = { offset -> (0..3).collect { address + offset >> 8 * it & 0xFF } }
        Files.write(folder.resolve('pages.bin'), ([0xA1] + at(4) + [0x40, 0x66, 0xA3] + at(8) + [0xA2] + at(12) + [0xE6, 0x10, 0xF4]) as byte[])

        when:
        def ended = run("""
            guest('flat') {
                platform bare
                memory 4.MB
                kernel 'pages.bin', at: 0x100000
                page(${address}L) {
                    read { offset, bits -> println "read \$offset \$bits"; 0xFFFFFF40L + offset }
                    write { offset, value, bits -> println "write \$offset \$value \$bits" }
                }
                port(0x10) { write { exit it - 0x45 } }
            }
            boot()
        """)

        then:
        ended.err == ''
        ended.out == 'read 4 32\nwrite 8 65349 16\nwrite 12 69 8\n'
        ended.status == 0

        where:
        address << [0x200000, 0xFEE00000L]
    }

    def "a device that is told something wrong says so: #word"() {
        when:
        def ended = run("device('x') { type 70; timer('tick') { }; sent { $word } }\n" + Scripts.puppy("cmdline 'quiet '") + """
            boot()
            expect 'puppy> '
            sendLine 'ask 70 x'
            sleep 1.second
        """)

        then:
        ended.status == 3
        ended.err.startsWith("test.lgs:1: $message (guest puppy paused at")

        where:
        word                     || message
        'start "tock", 1.ms'     || "device x: no timer 'tock'; did you mean tick?"
        'start "tick", 5'        || "device x: start 'tick', 5: say the unit, 5.ms"
        'raise 32'               || 'device x: raise 32: lines are 0 to 31'
        'reply 5'                || 'device x: reply 5: give text or a byte[]'
    }

    def "a page that cannot be there says so: #page"() {
        when:
        Files.write(folder.resolve('x.bin'), [0xF4] as byte[])
        def ended = run("guest('flat') { platform bare; kernel 'x.bin', at: 0x100000; $page }")

        then:
        ended.status == 3
        ended.err == "test.lgs:1: $message\n"

        where:
        page                          || message
        'page(0x1234) { }'            || 'guest flat: page 0x00001234, must begin at a whole page of 4 KiB'
        'page("here") { }'            || "page 'here': give a number, page 0xFEE00000"
        'page(0x100000000) { }'       || 'page 4294967296: must be 0 to 4294967295'
    }
}
