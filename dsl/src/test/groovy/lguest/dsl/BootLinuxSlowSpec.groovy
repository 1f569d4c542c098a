package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('samples/boot-linux.lgs has a word with a real kernel: -Dlguest.linux=DIR with vmlinux and initrd.gz')
@Requires({ sys['lguest.linux'] && Files.exists(Path.of(sys['lguest.linux'], 'initrd.gz')) })
class BootLinuxSlowSpec extends Specification {
    static final String LINUX = System.getProperty('lguest.linux')

    @TempDir
    Path folder

    def "boots, answers, powers off"() {
        when:
        def ended = Scripts.runFile(Scripts.SAMPLES.resolve('boot-linux.lgs'), [LINUX])

        then:
        ended.status == 0
        ended.err.contains('Linux version 2.6.')
        ended.out =~ /SET_PTE +\d{3,}/
    }

    def "lines are answered by what comes behind their echo, and commands are what they print: #typed"() {
        expect:
        answer(typed) == answered

        where:
        typed                                                                  || answered
        "sendLine 'echo one; sleep 1; echo two'; print expect('one').before"   || ''
        "sendLine 'uname -s; ' + 'x=1;' * 60; print expect('Linux').before"    || ''
        "sendLine 'sleep 3'; sendLine 'echo busy'; print expect('busy').before" || ''
        "send 'sleep 1\\n'; print sh('uname -s').text"                         || 'Linux'
        "print sh('(exit 7)').status"                                          || '7'
        '''sendLine 'read -s -p "pw: " a; echo got:$a'; expect 'pw: '; sleep 1.second
            sendLine 'x1', echo: false; print expect(~/got:(\\w+)/)[1]'''       || 'x1'
    }

    private String answer(String typed) {
        def ended = new Scripts(folder).run("""
            guest('linux') { memory 64.MB; kernel '$LINUX/vmlinux'; initrd '$LINUX/initrd.gz' }
            boot()
            expect ~/[#\$] \$/
            $typed
            exit 0
        """)
        assert ended.err == ''
        ended.out
    }

    def "a panic ends a script with its reason and status 1"() {
        when:
        def ended = new Scripts(folder).run("""
            guest('linux') { memory 64.MB; kernel '$LINUX/vmlinux'; initrd '$LINUX/initrd.gz'; cmdline 'rdinit=/bin/false' }
            boot()
            expect ~/[#\$] \$/
        """)

        then:
        ended.status == 1
        ended.err == 'lguest: CRASH: Attempted to kill init!\n'
    }

    def "every hook in every corner does not change the run, and two runs are one"() {
        given:
        String hooks = '''
            count hypercalls
            count faults
            count interrupt(0)
            time hypercalls(SEND_DMA)
            before at('schedule') run { cpu.eax }
        '''

        expect:
        boot('') == boot('')
        boot(hooks) == boot('')
    }

    private String boot(String hooks) {
        def ended = new Scripts(folder).run("""
            guest('linux') { memory 64.MB; kernel '$LINUX/vmlinux'; initrd '$LINUX/initrd.gz' }
            $hooks
            boot()
            expect ~/[#\$] \$/
            sleep 100.ms
            println "\$cpu.instructions \${guest('linux').memoryHash} \$hypercalls.counts \$console.text"
            exit 0
        """)
        assert ended.status == 0
        ended.out
    }
}
