package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import spock.lang.IgnoreIf
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/** -Dlguest.megabytes=100 is how much goes each way; as a default it is little. */
@Title('A real Linux on every wire: bulk with equal sums both ways, and what curl, dig, ssh and a resolver say')
@Requires(value = { LinuxGuest.IMAGES }, reason = 'needs a Linux guest: -Dlguest.linux=DIR with vmlinux and initrd.gz')
class LinuxWiresSlowSpec extends Specification {
    static final int MEGABYTES = Integer.getInteger('lguest.megabytes', 2)
    /** The file that is sent is in the guest's memory, of which half may be files. */
    static final int RAM = 64 + MEGABYTES * 9 / 4 as int

    List<Closeable> opened = []

    @TempDir
    Path folder

    def cleanup() { opened.reverse()*.close() }

    LinuxGuest linux(List<String> options, int megabytes = 64, Closure<List<String>> before = { it }, List<String> words = []) {
        def guest = new LinuxGuest(options, megabytes, before, words)
        opened << guest
        guest
    }

    /** Talks at port 7001, and listens at 7002. */
    static final String FAR_END = '''
        import java.security.MessageDigest
        int megabytes = args[0] as int
        def random = new Random(2007)
        def sum = { MessageDigest.getInstance('MD5') }
        def talks = new ServerSocket(7001), listens = new ServerSocket(7002)
        println 'ready'
        talks.accept().withCloseable { socket ->
            def sent = sum()
            megabytes.times {
                byte[] bytes = new byte[1 << 20]
                random.nextBytes(bytes)
                sent.update(bytes)
                socket.outputStream.write(bytes)
            }
            println "sent ${sent.digest().encodeHex()}"
        }
        listens.accept().withCloseable { socket ->
            def heard = sum()
            byte[] bytes = new byte[1 << 16]
            for (int count; (count = socket.inputStream.read(bytes)) >= 0;) {
                heard.update(bytes, 0, count)
            }
            println "heard ${heard.digest().encodeHex()}"
        }
    '''

    /** In and out again, to and from a program of this machine. */
    void exchange(LinuxGuest guest, String address, Closure<List<String>> before) {
        Path script = Files.writeString(folder.resolve('far.lgs'), FAR_END)
        def far = new LiveCommand(before(Java.command([], [script.toString(), "$MEGABYTES".toString()])))
        far.patienceSeconds = 900
        opened << far
        far.expect('ready')
        def took = { Closure work -> long began = System.nanoTime(); work(); (System.nanoTime() - began) / 1e9 }
        def said = null
        def into = took { said = guest.run("nc $address 7001 < /dev/null > /tmp/file; md5sum < /tmp/file") }
        far.expect('sent ')
        def sum = far.expect('\n')
        assert said.startsWith(sum)
        def out = took { guest.run("nc $address 7002 < /tmp/file") }
        far.expect('heard ')
        assert far.expect('\n') == sum
        println String.format(Locale.ROOT, '%d MiB: %.1f s in with md5sum, %.1f s out', MEGABYTES, into, out)
    }

    @IgnoreIf(value = { !Namespace.possible() }, reason = 'takes root, ip and /dev/net/tun')
    def "--tunnet=#where"() {
        given:
        def host = new Namespace()
        opened << host
        if (where.startsWith('bridge')) {
            host.run("ip link add br0 type bridge && ip link set br0 up && ip addr add $far/24 dev br0")
        }
        def guest = linux(["--tunnet=$where".toString()], RAM, host.&command)

        when:
        guest.run("ifconfig eth0 $near netmask 255.255.255.0 up && ping -c 3 $far")
        host.run("ping -q -c 3 -W 60 $near")
        exchange(guest, far, host.&command)

        then:
        guest.run('ifconfig eth0').contains('RX packets:')

        where:
        where          | far            | near
        '192.168.19.1' | '192.168.19.1' | '192.168.19.2'
        'bridge:br0'   | '10.9.0.1'     | '10.9.0.2'
    }

    @IgnoreIf(value = { !Namespace.possible() }, reason = 'takes root, ip and /dev/net/tun')
    def "the guide's own line: --tunnet=192.168.19.1 --block=rootfile root=/dev/lgba"() {
        given:
        def host = new Namespace()
        opened << host
        def rootfile = Files.copy(Path.of(LinuxGuest.IMAGES, 'rootfs.img'), folder.resolve('rootfile'))
        def guest = LinuxGuest.onDisk(['--tunnet=192.168.19.1', "--block=$rootfile".toString()], host.&command)
        opened << guest

        when:
        guest.run('ifconfig eth0 192.168.19.2 up && route add default gw 192.168.19.1 && ping -c 3 192.168.19.1')
        host.run('ping -q -c 3 -W 60 192.168.19.2')

        then:
        guest.exit() == 0
        !host.has('tap0')
    }

    def "--usernet"() {
        given:
        def guest = linux(['--usernet'], RAM)

        when:
        guest.run('sh /scripts/netup && ping -c 3 10.0.2.2')
        exchange(guest, '10.0.2.2') { it }

        then:
        guest.run('ifconfig eth0').contains('inet addr:10.0.2.15')
    }

    def "two guests on one --sharenet file, in two processes"() {
        given:
        def (one, two) = (1..2).collect {
            linux(["--sharenet=${folder.resolve('wire')}".toString()], RAM).tap { guest -> guest.run("ifconfig eth0 10.1.0.$it netmask 255.255.255.0 up") }
        }
        two.run('ping -c 3 10.1.0.1')
        one.run("dd if=/dev/urandom of=/tmp/some bs=64k count=16 && for i in \$(seq $MEGABYTES); do echo \$i; cat /tmp/some; done > /tmp/file")
        def sum = one.run('md5sum < /tmp/file')
        def move = { LinuxGuest from, String file, LinuxGuest to, String address, String copy ->
            long began = System.nanoTime()
            from.start("nc -l -p 5000 < $file > /dev/null")
            to.run("until nc $address 5000 < /dev/null > $copy && [ -s $copy ]; do sleep 1; done")
            from.end()
            println String.format(Locale.ROOT, '%d MiB from guest to guest: %.1f s', MEGABYTES, (System.nanoTime() - began) / 1e9)
        }

        when:
        move(one, '/tmp/file', two, '10.1.0.1', '/tmp/copy')

        then:
        two.run('md5sum < /tmp/copy') == sum

        when:
        one.run('rm /tmp/file')
        move(two, '/tmp/copy', one, '10.1.0.2', '/tmp/file')

        then:
        one.run('md5sum < /tmp/file') == sum
    }

    // ---- programs that know nothing of all this

    static int free(boolean udp = false) {
        (udp ? new DatagramSocket(0, InetAddress.loopbackAddress) : new ServerSocket(0, 1, InetAddress.loopbackAddress)).withCloseable { it.localPort }
    }

    static String say(List<String> command, Path input = null) {
        def builder = new ProcessBuilder(command).redirectErrorStream(true)
        input == null ?: builder.redirectInput(input.toFile())
        def process = builder.start()
        def said = process.inputStream.text
        assert process.waitFor() == 0 : "$command: $said"
        said
    }

    static boolean tools(String... names) {
        names.every { name -> System.getenv('PATH').split(':').any { new File(it, name).canExecute() } }
    }

    @IgnoreIf(value = { !LinuxWiresSlowSpec.tools('curl', 'dig', 'ssh') }, reason = 'no curl, dig or ssh')
    def "curl, dig and ssh reach the guest through forwarded ports"() {
        given:
        def (http, ssh, dns) = [free(), free(), free(true)]
        def guest = linux(['--usernet', "--forward=$http:80".toString(), "--forward=$ssh:22".toString(), "--forward=$dns:53/udp".toString()], 64, { it }, ['ssh'])
        def big = Files.write(folder.resolve('big'), new byte[1 << 20].tap { new Random(5).nextBytes(it) })
        def sum = MessageDigest.getInstance('MD5').digest(Files.readAllBytes(big)).encodeHex().toString()
        guest.run('echo "kennel.example 10.0.2.15" > /tmp/names && (dnsd -c /tmp/names > /dev/null 2>&1 &)')
        def shell = ['ssh', '-p', "$ssh".toString(), '-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR',
                     '-o', 'BatchMode=yes', 'root@127.0.0.1']

        expect:
        say(['curl', '-sS', '--max-time', '60', "http://127.0.0.1:$http/index.html".toString()]) == 'hello from lguest-linux\n'
        say(['dig', '+short', '+tries=5', '-p', "$dns".toString(), '@127.0.0.1', 'kennel.example', 'A']) == '10.0.2.15\n'
        say([*shell, 'cat > /tmp/www/big; md5sum < /tmp/www/big'], big).startsWith(sum)

        when: 'with a hundred connections, ten at a time'
        def urls = (1..100).collect { "url = \"http://127.0.0.1:$http/big\"\noutput = \"${folder.resolve("copy$it")}\"" }.join('\n')
        say(['curl', '-sS', '--parallel', '--parallel-max', '10', '--max-time', '600', '-K', Files.writeString(folder.resolve('urls'), urls).toString()])

        then:
        (1..100).every { Files.mismatch(folder.resolve("copy$it"), big) == -1 }
    }

    def "its resolver and wget find what a script has put on the net"() {
        when:
        def ended = Command.run(folder, [Files.writeString(folder.resolve('names.lgs'), """
            guest('linux') {
                memory 64.MB
                kernel '$LinuxGuest.IMAGES/vmlinux'
                initrd '$LinuxGuest.IMAGES/initrd.gz'
                cmdline 'console=hvc0'
                usernet {
                    name 'depot.example', '10.0.2.80'
                    serve('10.0.2.80', 80) { request -> "you asked for \$request.path\\n" }
                    frames { if (chance(0.01)) drop() }
                }
            }
            boot 'linux'
            expect ~/# \$/, 120.seconds
            sendLine 'sh /scripts/netup; nslookup depot.example'
            expect ~/Address:? *(?:1: )?10\\.0\\.2\\.80/, 120.seconds
            sendLine 'wget -q -O - http://depot.example/bone'
            expect 'you asked for /bone', 120.seconds
            println 'found'
            exit 0
        """).toString()])

        then:
        ended.err == ''
        ended.out == 'found\n'
    }
}
