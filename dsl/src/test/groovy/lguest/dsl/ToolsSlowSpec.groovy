package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import lguest.dsl.internal.ClassCache
import lguest.dsl.internal.ScriptRunner
import spock.lang.Specification
import spock.lang.Title

@Title('the tools in scripts/ do what they promise')
class ToolsSlowSpec extends Specification {
    static final Path TOOLS = Path.of('..', 'scripts').toAbsolutePath().normalize()
    static final List<String> NAMES = TOOLS.toFile().list().findAll { it.endsWith('.lgs') }.collect { it - '.lgs' }.sort()

    /** Runs a tool on a guest, as the launcher does. */
    private static Scripts.Ended run(String tool, List<String> args, String guest) {
        def out = new ByteArrayOutputStream()
        def err = new ByteArrayOutputStream()
        def streams = new Streams(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true), false)
        def session = new Session(streams, null, [], false)
        def runner = new ScriptRunner(false, new ClassCache(null))
        int status
        try {
            runner.execute(session, 'guest.lgs', guest)
            runner.execute(session, TOOLS.resolve("${tool}.lgs"), args)
            session.current.boot()
            status = session.finish()
            session.close()
        } catch (Throwable ended) {
            status = runner.complain(session, ended)
            session.close()
        }
        new Scripts.Ended(status: status, out: out.toString('UTF-8'), err: err.toString('UTF-8'))
    }

    private static String puppy(String cmdline) { Scripts.puppy("cmdline 'quiet $cmdline'") + "console.send 'poweroff\\n'\n" }

    def "#tool #args"() {
        when:
        def ended = run(tool, args, puppy(cmdline))

        then:
        ended.status == status
        ended.out == ''
        lines.every { line -> ended.err =~ /(?m)$line/ }

        where:
        tool                | args                         | cmdline       || status | lines
        'assert-boot'       | ['hello: exit \\w+', '5']    | 'run=hello'   || 0      | [/^assert-boot: 'hello: exit status' after \d+ ms, \d+ instructions\n\z/]
        'assert-boot'       | ['never']                    | 'run=hello'   || 1      | [/^\| \[1\] hello: exit status 0$/, /^assert-boot: the guest is off: .+\n\z/]
        'assert-boot'       | ['never', '0']               | 'run=hello'   || 4      | [/^assert-boot: no never within 0 s\n\z/]
        'boot-timeline'     | []                           | 'run=hello'   || 0      | [/^ +0\.000 ms +0  start$/, /  hypercall LGUEST_INIT$/, /  user level$/, /  fault PF$/, /  interrupt 1$/, /  \| hello from pid 1/, /  off: /]
        'console-log'       | []                           | 'run=sleeper' || 0      | [/^\[  0\.1\d{5}\] asked for 100 ms, slept 100 ms$/, /^\[  0\.3\d{5}\] puppy> poweroff$/]
        'dma-dump'          | []                           | 'run=hello'   || 0      | [/^\[  0\.\d{6}\] key 0x0, \d+ bytes in 1 sections$/, /^    0000  68 65 6c 6c 6f 20 .*  hello from pid 1$/]
        'dma-dump'          | ['0x999000']                 | 'run=hello'   || 0      | [/(?s)\A((?!key).)*\z/]
        'hot'               | []                           | 'run=hello'   || 0      | [/^\d+ samples at work, \d+ asleep$/, /^function +samples +percent$/, /^mm_init +\d+ +\d+$/]
        'hypercall-latency' | []                           | 'run=hello'   || 0      | [/^SEND_DMA: \d+ calls$/, /^  from +\d+ [num]s +\d+ \|#* *\|$/]
        'hypercalls'        | []                           | 'run=hello'   || 0      | [/^hypercall +direct +ring +total$/, /^LGUEST_INIT +1 +0 +1$/, /^SET_PTE +\d+ +[1-9]\d* +\d+$/]
        'irqs'              | []                           | 'run=sleeper' || 0      | [/^line +count +least +mean +most +where$/, /^ +0 +\d+ +\d+ +\d+ +\d+ +\w+$/]
        'page-faults'       | []                           | 'run=grow'    || 0      | [/^\d+ page faults$/, /^0x[0-9a-f]{8} [.0-9a-z]{64}$/, /^user write, not present +\d+$/, /^user 0x[0-9a-f]{8} +\d+$/]
        'switches'          | []                           | 'run=sleeper' || 0      | [/^stack +tables +switches +tls +ms +percent$/, /^0x[0-9a-f]{8}  0x[0-9a-f]{8} +\d+ +\d+ +\d+ +\d+$/]
        'switches'          | ['all']                      | 'run=sleeper' || 0      | [/^\[  0\.\d{6}\] nobody -> 0x[0-9a-f]{8}, page tables 0x[0-9a-f]{8}$/]
        'syscalls'          | []                           | 'run=hello'   || 0      | [/^call 2 +2$/, /^call 0 +1$/]
        'syscalls'          | ['all']                      | 'run=hello'   || 0      | [/^\[  0\.\d{6}\] 0x[0-9a-f]{8} call 1\(0x[0-9a-f]{8}, 0x00000023, .* = 0x00000023$/, /call 0.* = \?$/]
        'who-writes'        | ['clock_ticks']              | 'run=sleeper' || 0      | [/^tick\+0x\w+ +\d+ +\d+ ms +0x\d{8} at 0x[0-9a-f]{8}$/]
        'who-writes'        | []                           | 'run=hello'   || 3      | [/^who-writes\.lgs:\d+: who-writes: say what/]
    }

    def "#tool says how it is used, and has an example with an explanation"() {
        given:
        def text = Files.readAllLines(TOOLS.resolve("${tool}.lgs"))
        def example = Files.readString(TOOLS.resolve("${tool}_example.txt"))

        expect:
        text[0] == '#!/usr/bin/env lguest'
        text[1].startsWith("// $tool: ")
        text.any { it =~ /\/\/     lguest --script='?$tool/ }
        text.size() in 20..80
        example =~ /\A\$ lguest --script='?$tool.*\n\n/
        example.split(/\n\n/).length >= 3

        where:
        tool << NAMES
    }

    def "a tool alone asks for a guest"() {
        when:
        Scripts.runFile(TOOLS.resolve('hypercalls.lgs'))

        then:
        def none = thrown(NeedsGuest)
        none.message == 'attach: there is no guest: lguest --script=TOOL 64m vmlinux, or build one first'
    }

    def "what is to happen at the end finds the guests as they ended, and may fail"() {
        when:
        def ended = Scripts.runCode(Scripts.hello() + 'atEnd { log "$state after ${hypercalls.total}" }\natEnd { frob() }\nboot()')

        then:
        ended.err == 'off after 3\n-e:3: no word frob\n'
        ended.status == 3
    }
}
