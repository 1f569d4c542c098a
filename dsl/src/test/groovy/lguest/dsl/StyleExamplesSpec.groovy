package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('five scripts that show what the language looks like')
class StyleExamplesSpec extends Specification {
    @TempDir
    Path folder

    Scripts scripts

    def setup() {
        scripts = new Scripts(folder)
    }

    def "boots a guest and waits for its prompt"() {
        given:
        scripts.greeting('vmlinux', 'tiny login: ')
        Files.write(folder.resolve('rootfile'), new byte[4096])

        when:
        def ended = scripts.run('''
            guest('tiny') {
                memory  64.MB
                kernel  'vmlinux'
                cmdline 'root=/dev/lgba'
                block   'rootfile'
                console stdout
            }
            boot 'tiny'
            waitFor(60.seconds) { console.text.contains 'login:' }
        ''')

        then:
        ended.status == 0
        ended.out.startsWith('tiny login: ')
    }

    def "hooks hypercalls"() {
        when:
        def ended = scripts.run(Scripts.puppy() + '''
            before  hypercall(SET_PTE) run { cr3, vaddr, pte ->
                log "pte ${hex vaddr} -> ${hex pte}"
            }
            replace hypercall(SET_CLOCKEVENT) run { delta -> proceed delta * 2 }
            boot 'puppy'
            expect 'puppy> '
            println hypercalls[SET_PTE] + ' ' + probes[1].hits
            exit 0
        ''')

        then:
        ended.status == 0
        ended.err ==~ /(pte 0x[0-9a-f]{8} -> 0x[0-9a-f]{8}\n)+/
        ended.out ==~ /[1-9]\d* [1-9]\d*\n/
    }

    def "breaks on a condition"() {
        given:
        Files.writeString(folder.resolve('System.map'), "${nm('console_write')} T do_page_fault\n")

        when:
        def ended = scripts.run(Scripts.puppy() + '''
            symbols.load 'System.map'
            stop at('do_page_fault') when { cpu.cr2 < 4.KB && cpu.cpl == 1 }
            stop on(fault(GP))
            stop on(write(0xC0300000..0xC0300FFF)) when { it.value & PRESENT }
            boot 'puppy'
            waitFor { state == 'paused' }
            println symbol(cpu.eip) + ' ' + probes*.hits
            memory.u32(0xC0300000, 0)
            cpu.eax = 1
        ''')

        then:
        ended.status == 0
        ended.out == 'do_page_fault [1, 0, 0]\n'
    }

    private static String nm(String symbol) {
        long address = lguest.load.KernelSymbols.ofKernel(Scripts.PUPPY).address(symbol).asInt & 0xFFFFFFFFL
        String.format('%08x', address)
    }

    def "serves a DMA key with a device of its own"() {
        when:
        def ended = scripts.run("guest('shy') { memory 16.MB; kernel '${Scripts.ECHO}'; console stdout }\n" + '''
            device('echo') {
                type  64                     // lguest_device_desc.type; 1, 2, 3 are console, net, block
                pages 1                      // our key: the physical address of our first page, by lguest convention
                sent { dma -> reply dma.text.toUpperCase() }     // fills the buffer the Guest bound, sets used_len, raises our irq
            }
            before dma(CONSOLE_KEY) run { log it.text }          // watch a key someone else serves
            boot 'shy'
        ''')

        then:
        ended.status == 0
        ended.out == 'HELLO FROM THE GUEST\n'
        ended.err == 'HELLO FROM THE GUEST\n\n'
    }

    def "traces to a report"() {
        given:
        String report = folder.resolve('boot.md')

        when:
        def ended = scripts.run(Scripts.puppy("cmdline 'run=grow'") + """
            report('$report') {
                count hypercalls by { it.name }
                time  hypercalls(SEND_DMA, BIND_DMA) by { it.key }
                count faults(PF) by { symbol it.eip } top 10
            }
            boot 'puppy'
            expect '[1] grow'
            exit 0
        """)
        String written = Files.readString(Path.of(report))

        then:
        ended.status == 0
        written.contains('# boot.md')
        written =~ /\| SET_PTE \| \d+ \|/
        written =~ /## time hypercalls\(SEND_DMA, BIND_DMA\)\n\n\| what \| count \| total us .*\n.*\n\| 0 \| \d+ \| [\d.]+/
        written =~ /## count fault\(PF\)\n\n\| what \| count \|\n.*\n\| \w+.* \| \d+ \|/
    }
}
