package lguest.shell

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('samples/wires.lgs runs on every wire and prints a table')
class WiresScriptSlowSpec extends Specification {
    static final String WIRES = "$Samples.folder/wires.lgs"

    @TempDir
    Path folder

    def "there is a row for each wire, and nothing is lost: #wires"() {
        when:
        def ended = Command.run(folder, [WIRES, 'mib=1', 'pings=100', 'rounds=1', "wires=$wires".toString()])

        then:
        ended.status == 0
        ended.out =~ /\A\d+ processors, load [\d.]+, 1 rounds: 1 MiB each way, 100 pings of 56 bytes\n/
        wires.split(',').every { ended.out =~ /\n$it( +(\d[\d.]*|-)){8}\n/ }

        where:
        wires << ['usernet,peer', 'sharenet']
    }

    @Requires(value = { Namespace.possible() }, reason = 'takes root, ip and /dev/net/tun')
    def "there is a row for a TAP interface"() {
        given:
        def host = new Namespace()

        when:
        def process = new LiveCommand(host.command(Java.command([], [WIRES, 'mib=1', 'pings=100', 'rounds=1', 'wires=tunnet'])))
        def said = process.rest()

        then:
        process.process.waitFor() == 0
        said =~ /\ntunnet( +\d[\d.]*){8}\n/

        cleanup:
        process?.close()
        host.close()
    }

    def "Ctrl-C leaves neither files nor the other guest behind"() {
        when:
        def process = new LiveCommand(['env', "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=$folder".toString(),
                                       *Java.command([], [WIRES, 'mib=1', 'pings=1', 'rounds=1000', 'wires=sharenet'])])
        process.expect('\n.')
        def others = process.process.descendants().toList()
        ['kill', '-INT', process.process.pid()]*.toString().execute().waitFor()
        process.rest()

        then:
        others
        others.every { !it.alive }
        folder.toFile().list().findAll { it.startsWith('wires') } == []

        cleanup:
        process?.close()
    }

    def "killed, it leaves no other guest behind"() {
        given:
        def process = new LiveCommand(Java.command([], [WIRES, 'mib=1', 'pings=1', 'rounds=1000', 'wires=sharenet']))
        process.expect('.')
        def others = process.process.descendants().toList()

        when:
        process.process.destroyForcibly()

        then:
        others
        others.each { it.onExit().get(60, TimeUnit.SECONDS) }

        cleanup:
        others*.destroyForcibly()
        process.close()
    }

    def "what it cannot do, it says: #argument"() {
        when:
        def ended = Command.run(folder, [WIRES, argument])

        then:
        ended.err.startsWith("wires.lgs: $what")
        ended.status == 2

        where:
        argument     || what
        'speed=5'    || 'no option speed; there is '
        'wires=wool' || 'no wire wool; there is '
        'mib=much'   || 'mib=much: must be a number of 1 to 2047'
        'mib=-1'     || 'mib=-1: must be'
        'mib=2048'   || 'mib=2048: must be'
        'pings=0'    || 'pings=0: must be'
        'rounds=0'   || 'rounds=0: must be'
    }
}
