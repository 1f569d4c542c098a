package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('the processor as a library: ports are closures')
class BareSpec extends Specification {
    static final Path HELLO = Scripts.SAMPLES.resolve('bare/bare-hello.elf')
    static final Path FLAT = Scripts.SAMPLES.resolve('bare/bare-flat.bin')

    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "a multiboot image prints its command line and gives its exit status: #kernel"() {
        when:
        def ended = run("""
            guest('bench') {
                platform bare
                memory   64.MB
                $kernel
                cmdline  'a20 and more'
                port(0xE9) { write { value -> stdout.write(value as int) }; read { 0xE9 } }
                port(0xF4) { write { value -> exit value } }
            }
            boot 'bench'
        """)

        then:
        ended.err == ''
        ended.out.contains(out)
        ended.status == 0x31

        where:
        kernel                            || out
        "kernel '$HELLO'"                 || 'a20 and more\n'
        "kernel '$FLAT', at: 0x100000"    || 'Hello from a flat image.\n'
    }

    def "exit n of the script wins over the guest's"() {
        expect:
        run("""
            guest('bench') { platform bare; kernel '$HELLO'; port(0xF4) { write { exit it } } }
            boot(); waitFor { state == 'off' }; println exitValue; exit 2
        """).status == 2
    }

    def "an initrd is the one module of a multiboot image"() {
        given:
        Path module = Files.writeString(folder.resolve('module'), 'what GRUB would load')

        expect:
        run("""
            guest('bench') { platform bare; kernel '$HELLO'; initrd '$module' }
            long info = cpu.ebx
            println physical.u32(info) >> 3 & 1
            println physical.u32(info + 20)
            def first = physical.u32(physical.u32(info + 24)), end = physical.u32(physical.u32(info + 24) + 4)
            println physical.text(first, end - first)
        """).out == '1\n1\nwhat GRUB would load\n'
    }

    def "the hash of memory asks no device"() {
        expect:
        run("""
            def asked = 0
            guest('bench') { platform bare; kernel '$HELLO'; page(0xA0000) { read { asked++ } } }
            guest('bench').memoryHash
            println asked
            println physical.u8(0xA0000) + asked
        """).out == '0\n1\n'
    }

    def "a port's closure hears the width when it asks for it"() {
        expect:
        run("""
            guest('bench') { platform bare; kernel '$HELLO'; port(0xF4) { write { value, bits -> println "\$value \$bits"; exit 0 } } }
            boot()
        """).out == '49 8\n'
    }

    def "a port's closure that throws pauses the guest and names its line"() {
        when:
        def ended = run("""
            guest('bench') {
                platform bare
                kernel '$HELLO'
                port(0xF4) { write { throw new IOException('no') } }
            }
            boot()
        """)

        then:
        ended.status == 3
        ended.err ==~ /test\.lgs:5: IOException: no \(guest bench paused at 0x[0-9a-f]{8}.*\)\n/
    }

    def "what needs a Host says so: #words"() {
        when:
        def ended = run("guest('bench') { platform bare; kernel '$HELLO' }\n$words")

        then:
        ended.err == "test.lgs:2: guest bench is bare: $message\n"

        where:
        words              || message
        'console.send "x"' || 'it has no console to send to'
        'descriptors'      || "a descriptor page needs lguest's Host"
        'dma[0]'           || "DMA needs lguest's Host"
    }
}
