package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** The command as a process of its own, with what it gives back: status, standard output, standard error. */
class MainSlowSpec extends Specification {
    @TempDir
    Path folder

    private Map lguest(List<String> arguments, String input = null, List<String> options = []) {
        Command.run(folder, arguments, input, options)
    }

    private String script(String text) { Files.writeString(folder.resolve('t.lgs'), text).toString() }

    def "#arguments end with #status"() {
        when:
        def result = lguest(arguments)

        then:
        result.status == status
        result.out == out
        result.err == err

        where:
        arguments                                || status | out                                   | err
        []                                       || 1      | ''                                    | USAGE
        ['16', 'nosuch']                         || 1      | ''                                    | 'lguest: Failed to open nosuch: No such file or directory\n'
        ['16', 'x', '--engine=none']             || 1      | ''                                    | 'lguest: --engine=none: must be interpreter, translator or both\n'
        ['16', 'x', '--tsc-khz=-5']              || 1      | ''                                    | 'lguest: guest guest: tsc -5 kHz, must be 0 or at least 977\n'
        ['--block=', '16', 'x']                  || 1      | ''                                    | 'lguest: --block=: expected the name of a file behind it\n'
        ['--nosuch', '16', 'x']                  || 1      | ''                                    | "lguest: unrecognized option '--nosuch'\nlguest: Unknown argument 16\n" + USAGE
        ['nosuch']                               || 2      | ''                                    | "lguest: 'nosuch' is neither a command nor a script nor a memory size; see lguest --help\n"
        ['rpel']                                 || 2      | ''                                    | "lguest: 'rpel' is neither a command nor a script nor a memory size; did you mean repl?\n"
        ['nosuch.lgs']                           || 2      | ''                                    | 'lguest: nosuch.lgs: no such file\n'
        ['run']                                  || 2      | ''                                    | "lguest: Missing required parameter: 'SCRIPT [ARGS]'\n"
        ['repl', 'a', 'b']                       || 2      | ''                                    | "lguest: Unmatched argument at index 2: 'b'\n"
        ['repl', 'nosuch.lgs']                   || 2      | ''                                    | 'lguest: nosuch.lgs: no such file\n'
        ['-e']                                   || 2      | ''                                    | "lguest: -e: expected a line of code behind it, lguest -e 'println 6 * 7'\n"
        ['-e', 'println 6 * 7']                  || 0      | '42\n'                                | ''
        ['-e', 'println args; exit 9', 'a', '-b']|| 9      | '[a, -b]\n'                           | ''
        ['-e', 'frob()']                         || 3      | ''                                    | '-e:1: no word frob\n'
        ['samples/hello.lgs']                    || 0      | 'Hello from a guest of one page.\n'   | ''
    }

    static final String USAGE = '''\
        lguest: Usage: lguest [--verbose] [--sharenet=<filename>|--tunnet=(<ipaddr>|bridge:<bridgename>)
        |--block=<filename>|--initrd=<filename>]...
        <mem-in-mb> vmlinux [args...]
        '''.stripIndent()

    def "#arguments need neither Groovy nor JLine nor picocli"() {
        given:
        def log = folder.resolve('classes')

        when:
        def status = lguest(arguments, null, ["-Xlog:class+load:file=$log".toString()]).status
        def libraries = Files.readAllLines(log).collect { it.replaceFirst(/^(\[[^\]]*\])+ /, '').tokenize('.')[0..1].join('.') } as Set

        then:
        status in [0, 2]
        !libraries.any { it in ['org.jline', 'org.codehaus', 'groovy.lang'] || it.startsWith('picocli') }

        where:
        arguments << [['16', 'samples/hello/hello.elf'], ['--help'], ['--version'], ['nosuch']]
    }

    def "--help tells of every form, --version of Java"() {
        expect:
        lguest(['--help']).out.with { it.contains('SCRIPT.lgs [ARGS...]') && it.contains('<mem-in-mb> <kernel>') && it.contains('repl') }
        lguest(['--version']).out.contains('Java ' + System.getProperty('java.version'))
        lguest(['generate-completion']).out.startsWith('#!/usr/bin/env bash')
        lguest(['man']).out.with { it.startsWith('.TH LGUEST 1\n') && it.contains('\n.SS lguest check FILE\n') && it.contains('\n.SS :break ADDRESS') }
        lguest(['reference']).out.startsWith('# The language of .lgs scripts\n')
    }

    def "a script of the launcher works on the launcher's guest"() {
        when:
        def result = lguest(['--script=' + script(text), '16', 'samples/hello/hello.elf'], '')

        then:
        result.status == status
        result.err.contains(err)

        where:
        text                                                              || status | err
        "before hypercall(CRASH) run { log 'it crashes' }"                || 0      | 'it crashes\n'
        'before hypercall(CRASH) run { frob() }'                          || 3      | 't.lgs:1: no word frob'
        'before hypercall(CRASH) run { exit 6 }'                          || 6      | ''
        'frob()'                                                          || 3      | 't.lgs:1: no word frob'
        'exit 5'                                                          || 5      | ''
        "before hypercall(CRASH) run { assert 1 == 2 }"                   || 1      | 't.lgs:1: assertion failed'
    }

    def "a tool comes with the launcher's command line, or with a guest behind its name: #arguments"() {
        when:
        def result = lguest(arguments, '', ["-Dlguest.home=${Samples.folder.parent}".toString()])

        then:
        result.status == status
        result.err =~ err

        where:
        arguments                                                                            || status | err
        ['--script=hypercalls', '16', 'samples/hello/hello.elf']                             || 0      | /(?m)^SEND_DMA +1 +0 +1$/
        ['scripts/hypercalls.lgs', '16', 'samples/hello/hello.elf']                          || 0      | /(?m)^SEND_DMA +1 +0 +1$/
        ['scripts/assert-boot.lgs', 'a guest of', '5', '--', '16', 'samples/hello/hello.elf'] || 0      | /assert-boot: 'a guest of' after/
        ["--script=assert-boot 'a guest of' 5", '16', 'samples/hello/hello.elf']             || 0      | /assert-boot: 'a guest of' after/
        ['scripts/hypercalls.lgs']                                                           || 2      | /wants a guest behind it: lguest /
        ['-e', 'attach()']                                                                   || 3      | /attach: there is no guest/
        ['check', 'samples/hello.lgs', 'scripts/hot.lgs']                                    || 0      | /\A\z/
        ['check', 'nosuch.lgs']                                                              || 2      | /nosuch.lgs: no such file/
    }

    def "--pcap records the network, and needs one"() {
        given:
        def file = folder.resolve('x.pcapng')

        expect:
        lguest(["--pcap=$file", '--time=virtual', "--sharenet=${folder.resolve('net')}", '16', 'samples/hello/hello.elf']*.toString()).status == 0
        Files.readAllBytes(file).encodeHex().toString().startsWith('0a0d0d0a1c000000')
        lguest(["--pcap=$file".toString(), '16', 'samples/hello/hello.elf']).with {
            it.status == 1 && it.err == 'lguest: guest guest has no network to record\n'
        }
    }

    def "--base makes an overlay; a disk is what its name or its prefix says: #options"() {
        given:
        def content = ('QFI\u00fb' + '\0' * 4092).getBytes('ISO-8859-1')
        Files.write(folder.resolve('base'), content)
        def words = options.collect { it.replace('DIR', folder.toString()) }

        when:
        def ended = lguest([*words, '16', 'samples/hello/hello.elf'])

        then:
        ended.status == expected
        said.empty ? !ended.err.contains('Failed to open') : ended.err == "lguest: Failed to open ${said.replace('DIR', folder.toString())}\n"
        Files.readAllBytes(folder.resolve('base')) == content

        where:
        options                                              || expected | said
        ['--base=raw:DIR/base', '--block=DIR/mine.qcow2']    || 0        | ''
        ['--block=raw:DIR/base']                             || 0        | ''
        ['--block=DIR/base']                                 || 1        | 'DIR/base: begins like a qcow2 image: say qcow2:DIR/base if it is one, raw:DIR/base if it only looks so'
        ['--block=qcow2:DIR/base']                           || 1        | 'DIR/base: qcow2 version 0, must be 2 or 3'
        ['--base=DIR/nosuch', '--block=DIR/new.qcow2']       || 1        | 'DIR/new.qcow2: its base DIR/nosuch is not there'
        ['--base=raw:DIR/base', '--block=DIR/x.img']         || 1        | 'DIR/x.img: a raw disk has no base: call it DIR/x.img.qcow2 or qcow2:DIR/x.img'
    }

    def "--console puts the console elsewhere: #options"() {
        when:
        def ended = lguest([*options.collect { it.replace('DIR', folder.toString()) }, '16', 'samples/hello/hello.elf'])
        def log = folder.resolve('log')

        then:
        ended.status == expected
        ended.out == out
        ended.err =~ err
        !logged || Files.readString(log) ==~ /\d+-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z Hello from a guest of one page.\n/

        where:
        options                                       || expected | logged | out                                 | err
        ['--console=log:DIR/log']                     || 0        | true   | 'Hello from a guest of one page.\n' | ''
        ['--console=tcp:0', '--console=log:DIR/log']  || 0        | true   | ''                                  | /lguest: console at tcp:127.0.0.1:\d+\n/
        ['--console=unix:DIR/s', '--console=stdio']   || 0        | false  | 'Hello from a guest of one page.\n' | /lguest: console at unix:.*s\n/
        ['--console=pty', '--console=tcp:0']          || 0        | false  | ''                                  | /lguest: console at pty:\/dev\/pts\/\d+\nlguest: console at tcp:127.0.0.1:\d+\n/
        ['--console=com1']                            || 1        | false  | ''                                  | /lguest: --console=com1: must be stdio, tcp:PORT, unix:PATH, pty or log:FILE\n/
        ['--console=tcp:10.0.0.1:5']                  || 1        | false  | ''                                  | /lguest: console tcp:10.0.0.1:5: 10.0.0.1 is not this machine alone/
        ['--console=log:DIR/no/log']                  || 1        | false  | ''                                  | /lguest: console log:.*: No such file or directory\n/
    }

    def "a script that is not there is named"() {
        expect:
        lguest(['--script=nosuch', '16', 'samples/hello/hello.elf']).with {
            it.status == 2 && it.out == '' && it.err.startsWith('lguest: --script=nosuch: no such file')
        }
    }

    def "the prompt reads a pipe, without prompt or echo"() {
        expect:
        lguest(['repl'], 'def x = 6\nx * 7\n:quit 4\n') == [status: 4, out: '=> 6\n=> 42\n', err: '']
        lguest(['repl', script('answer = 42')], '1\n') == [status: 0, out: '=> 1\n', err: '']
    }

    def "--stacktrace shows where in Java a failure came from"() {
        expect:
        !lguest(['-e', "throw new IOException('x')"]).err.contains('\tat ')
        lguest(['--stacktrace', '-e', "throw new IOException('x')"]).err.contains('\tat ')
    }

    def "the rehearsal goes well, so that there is something to archive"() {
        given:
        def err = folder.resolve('err').toFile()

        when:
        def process = new ProcessBuilder(Java.command([], ["$Samples.folder/hello/hello.elf".toString()], 'lguest.shell.Rehearsal'))
            .redirectInput(new File('/dev/null')).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err).start()

        then:
        process.waitFor() == 0
        !err.text.contains('Exception')
    }

    def "output that finds no room is a failure"() {
        given:
        def process = new ProcessBuilder(Java.command([], ['-e', 'println 1'])).redirectOutput(new File('/dev/full')).start()

        expect:
        process.errorStream.getText('UTF-8') == 'lguest: standard output: No space left on device\n'
        process.waitFor() == 1
    }

    def "console output that finds no room is a failure of the launcher, too"() {
        given:
        def process = new ProcessBuilder(Java.command([], ['16', "$Samples.folder/hello/hello.elf".toString()]))
            .redirectInput(new File('/dev/null')).redirectOutput(new File('/dev/full')).start()

        expect:
        process.errorStream.getText('UTF-8').readLines().last() ==
            'lguest: standard output: No space left on device; what the guest printed is lost'
        process.waitFor() == 1
    }

    def "a script that prints for ever ends when nobody reads any more, with the status of SIGPIPE"() {
        given:
        def process = new ProcessBuilder(Java.command([], ['-e', 'while (true) { println 1 }'])).start()

        when:
        process.inputStream.withCloseable { it.read() }

        then:
        process.errorStream.getText('UTF-8') == ''
        process.waitFor() == 141
    }

    def "how the launcher ends is said by exit in a tool, then by the guest, then by the tool's threads: #text with #options"() {
        given:
        def threads = "Thread.start('dog') { throw new IOException('bone') }.join()\n"

        expect:
        lguest(['--script=' + script(threads + text), *options, '16', 'samples/hello/hello.elf'], '').with {
            it.status == status && it.err.contains('t.lgs:1: thread dog: IOException: bone\n')
        }

        where:
        text                                  | options      || status
        ''                                    | []           || 3
        ''                                    | ['--strict'] || 1
        'before hypercall(CRASH) run { exit 7 }' | []        || 7
        'before hypercall(CRASH) run { exit 0 }' | []        || 0
        'atEnd { exit 6 }'                    | []           || 6
        'atEnd { exit 0 }'                    | []           || 0
        'exit 5'                              | []           || 5
    }

    def "what a thread of a script throws is one line, and how the script ends"() {
        expect:
        lguest(['-e', "Thread.start { throw new IOException('x') }.join(); println 'on'"]).with { it.status == 3 &&
            it.out == 'on\n' && it.err == '-e:1: thread Thread-0: IOException: x\n' }
    }
}
