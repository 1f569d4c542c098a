package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('A script joins a shared net')
class PeersSpec extends Specification {
    static final String BROADCAST = "([255] * 6 + [2, 0, 0, 0, 9, 0] + [8, 6] + [7] * 46) as byte[]"

    @TempDir
    Path folder

    Scripts scripts

    def setup() {
        scripts = new Scripts(folder)
    }

    Scripts.Ended peers(String code) {
        scripts.run("def heard = []\ndef net = '${folder.resolve('net')}'\n$code")
    }

    def "peers hear what is for them, for all, and, if they like, everything"() {
        when:
        def ended = peers('''
            def to = { int last -> ([2, 0, 0, 0, 0, last] + [2, 0, 0, 0, 0, 1] + [8, 0] + [last] * 46) as byte[] }
            def one = peer(net) { mac '02:00:00:00:00:01'; received { heard << "one ${it[14]}" } }
            def two = peer(net) { mac '2:0:0:0:0:2'; received { heard << "two ${it[14]}" } }
            def all = peer(net) { promiscuous(); mac '02:00:00:00:00:03'; received { heard << "all ${it[14]}" } }
            println one.send(to(2)) + ' ' + two.send(to(1)) + ' ' + all.send(to(2)) + ' ' + one.send(to(9))
            println one.send(''' + BROADCAST + ''')
            println heard
            println all
        ''')

        then:
        ended.err == ''
        ended.out == '2 2 1 1\n2\n[two 2, all 2, one 1, all 1, two 2, all 9, two 7, all 7]\n' +
            'peer in slot 2: 4 frames received, 1 sent\n'
        Files.readAllBytes(folder.resolve('net')).every { it == 0 }
    }

    def "a peer answers inside received"() {
        when:
        def ended = peers('''
            def asker = peer(net) { mac '02:00:00:00:00:01'; received { println "answer of ${it.length} bytes" } }
            peer(net) { mac '02:00:00:00:00:02'; received { frame -> send frame[6..11] + frame[0..5] + [0] * 10 as byte[] } }
            asker.send(([2, 0, 0, 0, 0, 2] + [2, 0, 0, 0, 0, 1] + [0] * 8) as byte[])
        ''')

        then:
        ended.err == ''
        ended.out == 'answer of 22 bytes\n'
    }

    def "#code is a mistake: #message"() {
        when:
        def ended = peers(code)

        then:
        ended.status == 3
        ended.err.contains(message)

        where:
        code                                                       || message
        "peer(net) { mac '02:00:00' }"                             || "mac 02:00:00: give six bytes"
        "peer(net) { mac '00:00:00:00:00:01' }"                    || 'the first one not 0'
        "peer(net) { }.send(new byte[13])"                         || 'a frame of 13 bytes: must be 14 to 1514'
        "peer(net) { }.send(new byte[1515])"                       || 'a frame of 1515 bytes: must be 14 to 1514'
        "peer(net) { send new byte[14] }"                          || 'send belongs into received { }'
        "peer('/no/such/net') { }"                                 || "cannot open net file '/no/such/net'"
        "peer(net) { recieved { } }"                               || 'received'
        "peer(net) { received { woof } }\npeer(net) { mac '02:00:00:00:00:01' }.send(${BROADCAST})" || ':3: '
    }
}
