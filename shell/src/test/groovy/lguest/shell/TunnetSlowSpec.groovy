package lguest.shell

import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.IgnoreIf
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('--tunnet: a guest on a TAP interface of the host, in a network namespace of its own')
@IgnoreIf(value = { !Namespace.possible() }, reason = 'takes root, ip and /dev/net/tun')
class TunnetSlowSpec extends Specification {
    static final String PUPPY = 'samples/puppy/puppy.elf'

    @AutoCleanup
    Namespace host = new Namespace()

    List<LiveCommand> opened = []

    @TempDir
    Path folder

    def cleanup() { opened*.close() }

    LiveCommand lguest(List<String> arguments, List<String> before = []) {
        def command = new LiveCommand(host.command(before + Java.command([], arguments)))
        opened << command
        command
    }

    LiveCommand puppy(String tunnet, String address, List<String> options = []) {
        def guest = lguest(["--tunnet=$tunnet".toString(), *options, '16', PUPPY, 'quiet'])
        guest.expect('puppy> ')
        guest.type("net up $address")
        guest.expect('MAC')
        guest
    }

    /** What the host hears of the guest's server. */
    String get(String address, String path) {
        host.run("exec 3<>/dev/tcp/$address/80; printf \"GET $path HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3"
            .with { "bash -c \"${it.replace('\\', '\\\\\\\\').replace('"', '\\"')}\"" })
    }

    @IgnoreIf(value = { !tool('ping -V') }, reason = 'no ping')
    def "host and guest reach each other with frames of every size, and with TCP, until the guest is gone"() {
        given:
        def guest = puppy('192.168.19.1', '192.168.19.2')

        expect: 'the smallest ping is shorter than a frame on a real wire may be; the last ones fill the largest'
        host.run('for size in 0 1 18 56 1471 1472; do ping -q -c 1 -W 60 -s $size 192.168.19.2 || exit 1; done')

        and: 'one that takes two packets gets no answer from puppy, and does no harm'
        !host.run('ping -q -c 1 -W 1 -s 1473 192.168.19.2 || true').contains(' 1 received')

        when:
        guest.type('net ping 192.168.19.1')

        then:
        guest.expect('3 of 3 answered')

        when: 'the host is the client'
        def answer = get('192.168.19.2', '/bone')

        then:
        answer.contains('request 1: /bone')

        when: 'the guest is the client'
        def server = new LiveCommand(host.command(Java.command([], ['-e', SERVER])))
        opened << server
        server.expect('listening')
        guest.type('net http 192.168.19.1 /stick')

        then:
        guest.expect('you asked for GET /stick HTTP/1.0')
        host.has('tap0')

        when:
        guest.type('poweroff')

        then:
        guest.rest()
        guest.process.waitFor() == 0
        !host.has('tap0')
    }

    static final String SERVER = '''
        def server = new ServerSocket(80)
        println 'listening'
        server.accept().withCloseable { socket ->
            def line = socket.inputStream.newReader().readLine()
            socket.outputStream << "HTTP/1.0 200 OK\\r\\n\\r\\nyou asked for $line\\n"
        }
    '''

    def "two guests on one bridge reach each other, and have different addresses"() {
        given:
        host.run('ip link add br0 type bridge && ip link set br0 up && ip addr add 10.9.0.1/24 dev br0')
        def one = puppy('bridge:br0', '10.9.0.2')
        def two = puppy('bridge:br0', '10.9.0.3')

        expect:
        host.run('ip -o link').readLines().count { it.contains('master br0') && it.contains(',UP') } == 2

        when:
        two.type('net ping 10.9.0.2')
        two.expect('3 of 3 answered')
        one.type('net http 10.9.0.3 /bone')

        then:
        one.expect('request 1: /bone')

        when:
        one.type('net ping 10.9.0.1')

        then:
        one.expect('3 of 3 answered')
    }

    @IgnoreIf(value = { !tool('tshark --version') }, reason = 'no tshark')
    def "what crosses it is recorded, and tshark finds nothing wrong"() {
        given:
        def file = folder.resolve('tap.pcapng').toString()
        def guest = puppy('192.168.19.1', '192.168.19.2', ["--pcap=$file".toString()])
        def show = { String... arguments ->
            Namespace.shell((['tshark', '-n', '-r', file, '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'] + (arguments as List))
                .collect { "'$it'" }.join(' ') + ' 2> /dev/null').readLines()
        }

        when:
        guest.type('net ping 192.168.19.1')
        guest.expect('3 of 3 answered')
        get('192.168.19.2', '/bone')
        guest.type('poweroff')
        guest.rest()

        then:
        show('-Y', 'icmp', '-T', 'fields', '-e', 'icmp.type').countBy { it } == ['8': 3, '0': 3]
        show('-Y', 'http', '-T', 'fields', '-e', 'http.response.code').findAll() == ['200']
        show('-Y', 'ip.checksum.status == 0 || tcp.checksum.status == 0 || _ws.malformed || _ws.expert.severity >= 0x800000') == []
    }

    def "an interface that is removed ends its guest"() {
        given:
        def guest = puppy('192.168.19.1', '192.168.19.2')

        when:
        host.run('ip link del tap0')

        then:
        guest.rest().contains('lguest: reading network: File descriptor in bad state\n')
        guest.process.waitFor() == 1
    }

    def "--tunnet=#where: #message"() {
        given:
        def command = lguest(["--tunnet=$where".toString(), '16', PUPPY], before)

        expect:
        command.rest().startsWith("lguest: $message")
        command.process.waitFor() == 1

        where:
        where          | before                                                                          || message
        'bridge:'      | []                                                                              || 'must specify bridge name\n'
        'bridge:br7'   | []                                                                              || "can't add tap0 to bridge br7: No such device\n"
        '1.2.3'        | []                                                                              || "tunnet '1.2.3' is no address: must be four numbers of 0 to 255, like 10.0.2.15, or bridge:NAME\n"
        '1.2.3.256'    | []                                                                              || "tunnet '1.2.3.256' is no address: "
        '224.0.0.1'    | []                                                                              || 'Setting tap0 interface address: Invalid argument\n'
        '192.168.19.1' | ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin', '--']         || 'configuring /dev/net/tun: Operation not permitted (a TAP interface takes root; --usernet does not)\n'
        '192.168.19.1' | ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /dev/net; exec "$0" "$@"']   || 'Failed to open /dev/net/tun: No such file or directory\n'
    }

    static boolean tool(String line) {
        try {
            line.execute().with { it.consumeProcessOutput(); it.waitFor() == 0 }
        } catch (IOException absent) {
            false
        }
    }
}
