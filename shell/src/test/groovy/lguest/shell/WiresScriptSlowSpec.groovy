package lguest.shell

import java.nio.file.Path
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

    def "what it does not know, it says: #argument"() {
        when:
        def ended = Command.run(folder, [WIRES, argument])

        then:
        ended.err.startsWith("wires.lgs: no $what; there is ")
        ended.status == 2

        where:
        argument     || what
        'speed=5'    || 'option speed'
        'wires=wool' || 'wire wool'
    }
}
