package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('what can be said of a guest before it is built')
class GuestBlockSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    /** What puppy says to a command, and the disk afterwards. */
    private String answer(String words, String command) {
        def ended = run(Scripts.puppy(words) + "boot(); expect 'puppy> '; console.sendLine '$command'; print expect('puppy> ').before; exit 0")
        assert ended.err == ''
        ended.out
    }

    def "#words shows in the guest"() {
        expect:
        answer(words, command) =~ shown

        where:
        words                                    | command   || shown
        "memory 32.MB"                           | 'mem'     || /RAM +32768 KiB/
        "cmdline 'one two'"                      | 'cmdline' || /^one two\s/
        "cmdline \"n=\${1 + 1}\""                | 'cmdline' || /^n=2\s/
        "time virtual"                           | 'time'    || /2007-10-09/
        "engine interpreter"                     | 'echo 1'  || /^1\s/
        "engine translator"                      | 'echo 2'  || /^2\s/
        "engine both"                            | 'echo 3'  || /^3\s/
        "wallClock '2017-02-19T22:34:00Z'"       | 'time'    || /2017-02-19/
        "wallClock java.time.Instant.EPOCH + 1.hours" | 'time' || /1970-01-01/
        "cpuModel 'pentium4'; strict true; tscKhz 2_000_000" | 'echo fine' || /^fine\s/
        "time host"                              | 'echo fine' || /^fine\s/
        "sharenet 'net.tmp'"                     | 'devices' || /net/
    }

    def cleanup() {
        Files.deleteIfExists(Path.of('net.tmp'))
    }

    def "a disk is #mode"() {
        given:
        Path disk = folder.resolve('disk')
        Files.write(disk, new byte[4096])

        expect:
        (answer("block 'disk'$mode", 'disk write 1 hello') =~ /result/).find() == refused
        Files.readAllBytes(disk)[512] == (kept ? (byte) 'h' : 0)

        where:
        mode         || refused | kept
        ''           || false   | true
        ', readOnly' || true    | false
        ', snapshot' || false   | false
    }

    def "a disk #how is made in the working directory when it is not there, and is there the next time"() {
        given:
        Files.write(folder.resolve('base.img'), ('?' * 8192).bytes)

        expect:
        answer("block '${how.replace('$', '')}$rest", 'disk write 1 hello') =~ 'sector 1 written'
        answer("block '${how}$rest", 'disk read 1') =~ 'hello'
        Files.readAllBytes(folder.resolve('base.img')) == ('?' * 8192).bytes
        Files.exists(Path.of('made.tmp')) || Files.exists(Path.of('made.tmp.qcow2'))

        cleanup:
        Files.deleteIfExists(Path.of('made.tmp'))
        Files.deleteIfExists(Path.of('made.tmp.qcow2'))

        where:
        how              | rest
        'made.tmp'       | "', size: 1.MB"
        'made.tmp.qcow2' | "', size: 1.MB"
        'made.tmp.qcow2' | "', base: 'base.img'"
        'qcow2:made.tmp' | "', base: 'base.img', size: 1.MB"
    }

    def "#words fails: #message"() {
        given:
        Files.write(folder.resolve('disk'), new byte[4096])

        expect:
        run(Scripts.puppy(words)).err =~ message

        where:
        words                                      || message
        "block 'disk', over: 'x'"                  || /block over: unknown; there is base: 'rootfile' and size: 1.GB/
        "block 'disk', size: 'big'"                || /block size: 'big': give a number/
        "block 'new.tmp.qcow2', base: 'nosuch'"    || /block base: no file 'nosuch'/
        "console 'tcp:x'"                          || /console tcp:x: port x, must be 0 to 65535/
        "block 'nosuch'"                           || /block: no file 'nosuch'/
        "block 'qcow2:disk'"                       || /Failed to open .*disk: is not a qcow2 image/
        "block 'disk', size: 8.KB"                 || /Failed to open .*disk: is there and has 4096 bytes, not 8192/
        "block 'disk'; block 'disk', readOnly"     || /Failed to open .*disk: in use by somebody who writes to it/
    }

    def "disks say what went through them, and fail when a closure wants it"() {
        given:
        Files.write(folder.resolve('disk'), new byte[4096])

        when:
        def ended = run(Scripts.puppy("block 'disk'") + '''
            def seen = []
            disks[0].fault { request ->
                seen << "$request"
                if (request.write && request.sector == 2) request.fail()
                if (request.read) request.data[0] = (byte) 'J'
            }
            boot()
            def say = { command -> expect 'puppy> '; console.sendLine command; expect('\\n').before.trim() }
            println say('disk write 1 hello')
            println say('disk write 2 hello')
            println say('disk read 1')[10..-1]
            println seen
            def disk = disks[0]
            println "${disk.name} ${disk.requests} ${disk.failed} ${disk.reads} ${disk.readBytes} ${disk.writes} ${disk.writtenBytes} ${disk.sectors}"
            disk.fault null
            println say('disk write 2 again')
            disk.fault { it.cut 'x' }
            console.sendLine 'disk read 1'
            sleep 1.second
        ''')

        then:
        ended.out.readLines() == ['disk: sector 1 written', 'disk: sector 2: result 2',
            '4a 65 6c 6c 6f 00 00 00 00 00 00 00 00 00 00 00  Jello...........',
            '[request 1: write of 512 bytes at sector 1, request 2: write of 512 bytes at sector 2, request 3: read of 512 bytes at sector 1]',
            'lgba 3 1 1 512 1 512 8', 'disk: sector 2 written']
        ended.err.startsWith('test.lgs:19: cut(x): give a number of bytes (guest puppy paused')
    }

    def "a console is at a socket and in a log, too"() {
        when:
        def ended = run(Scripts.puppy("console 'tcp:0'; console 'log:$folder/log'; time host") + '''
            boot()
            def address = console.addresses[0].tokenize(':')
            def caller = new Socket(address[1], address[2] as int)
            expect 'puppy> '
            caller.outputStream << 'echo from afar\\n'
            expect '\\nfrom afar'
            println new String(caller.inputStream.readNBytes(console.text.size())) == console.text
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out == 'true\n'
        Files.readAllLines(folder.resolve('log')).any { it ==~ /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z from afar/ }
    }

    def "an initrd is loaded"() {
        given:
        Files.write(folder.resolve('initrd.gz'), new byte[8192])

        expect:
        answer("initrd 'initrd.gz'", 'mem') =~ /initrd +8 KiB/
    }

    def "files are looked for beside the script first"() {
        given:
        Files.copy(Scripts.HELLO, folder.resolve('kernel.elf'))

        expect:
        run("guest('x') { memory 16.MB; kernel 'kernel.elf'; console stdout }; boot()").out == 'Hello from a guest of one page.\n'
        run("println file('kernel.elf')").out == "${folder.resolve('kernel.elf')}\n"
    }

    def "what the launcher warns of is said with the guest's name"() {
        when:
        def ended = run(Scripts.hello() + "replace hypercall(SEND_DMA) run { key, dma -> proceed 0x1000, dma }; boot()")

        then:
        ended.err == 'guest hello: Pending dma 0x1000d8, key 0x1000\n'
    }

    def "a shebang line is fine, whatever the script is called: #name"() {
        expect:
        new Scripts(folder).run('#!/usr/bin/env lguest\nprintln args\n', ['a', 'b'], name).out == '[a, b]\n'

        where:
        name << ['x.lgs', 'console.lgs', 'guest.lgs', 'a-b c.lgs', 'noextension', '1.lgs', 'Session.lgs']
    }

    def "-e has no file and no directory"() {
        expect:
        Scripts.runCode('println 6 * 7').out == '42\n'
        Scripts.runCode("guest('x') { kernel 'no' }").err == "-e:1: kernel: no file 'no': looked in ${Path.of('').toAbsolutePath()}\n"
    }
}
