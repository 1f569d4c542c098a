package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import lguest.machine.GuestConfig
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('save, restore and fork: a whole guest as a value')
@Timeout(60)
class SavingSlowSpec extends Specification {
    private static final String DEVICE = '''
        device('echo') {
            type 64
            state.sent = state.sent ?: 0
            sent { state.sent++; reply "${state.sent}: ${it.text}" }
        }
    '''

    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text.replace('FOLDER', folder.toString())) }

    def "a saved guest goes on in another script as it does in this one"() {
        when:
        def first = run(Scripts.puppy() + '''
            boot()
            expect 'puppy> '
            sendLine 'run grow'
            run(20_000.instructions)
            save 'FOLDER/grown.guest'
            run(1_000_000.instructions)
            println "${guest('puppy').memoryHash} $cpu.instructions ${guest('puppy').time}"
            exit 0
        ''')
        def second = run('''
            def g = Guest.restore('grown.guest')
            g.run(1_000_000.instructions)
            println "${g.memoryHash} $cpu.instructions ${g.time}"
            exit 0
        ''')

        then:
        [first.err, second.err] == ['', '']
        first.out.readLines().size() == 1
        second.out == first.out
    }

    def "a fork is a guest of its own"() {
        when:
        def ended = run(Scripts.puppy() + '''
            boot()
            expect 'puppy> '
            def other = fork()
            println "$other.name $other.state ${other.memoryHash == guest('puppy').memoryHash} ${other.symbols.has('console_write')}"
            fork('third') { console stdout }
            boot 'third'
            console.sendLine 'echo from the third'
            expect 'puppy> '
            use 'puppy'
            boot 'puppy-2'
            guest('puppy-2').console.sendLine 'poweroff'
            waitFor { other.state == 'off' }
            println guests.collect { name, each -> "$name $each.state" }
            sendLine 'echo from the first'
            expect 'from the first'
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['puppy-2 paused true true', 'echo from the third', 'from the third',
                                  'puppy> [puppy halted, puppy-2 off, third halted]']
    }

    def "a fork is executed as the first guest is, and a restored guest as usual, unless they say otherwise: #engine"() {
        when:
        def ended = run(Scripts.hello("engine $engine") + """
            run 3.instructions
            save 'FOLDER/hello.guest'
            println fork().engine.config().engine()
            println fork { engine both }.engine.config().engine()
            println restore('FOLDER/hello.guest') { name 'again' }.engine.config().engine()
            println restore('FOLDER/hello.guest') { name 'third'; engine interpreter }.engine.config().engine()
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == [engine.toUpperCase(), 'BOTH', new GuestConfig('x').engine().name(), 'INTERPRETER']

        where:
        engine << ['interpreter', 'both']
    }

    def "a scripted device remembers its state where it is restored or forked"() {
        when:
        def first = run("guest('shy') { memory 16.MB; kernel '$Scripts.ECHO'; $DEVICE }" + '''
            stop on(hypercall(SEND_DMA))
            boot()
            waitFor { state == 'paused' }
            save 'FOLDER/shy.guest'
            println guest('shy').devices[0].state().received
            def copy = fork()
            copy.run()
            println copy.console.text
        ''')
        def second = run("""
            def memory
            restore('shy.guest') { console stdout; device('echo') { type 64; memory = state } }
            println memory
            boot()
        """)

        then:
        [first.err.readLines().findAll { !it.startsWith('guest shy stopped') }, second.err] == [[], '']
        first.out == '1\n1: hello from the guest\n\n'
        second.out == '[sent:1]\n1: hello from the guest\n'
    }

    def "in a hook a guest is saved as soon as the instruction is over"() {
        when:
        def first = run(Scripts.hello() + '''
            (before hypercall(SEND_DMA) run { save 'FOLDER/hook.guest' }).once()
            boot()
        ''')
        def second = run("restore('hook.guest') { console stdout }; println hypercalls.counts; boot()")

        then:
        [first.err, second.err] == ['', '']
        second.out == '[LGUEST_INIT:1, SEND_DMA:1]\n'
    }

    def "what goes wrong is said in a line: #script"() {
        given:
        Files.writeString(folder.resolve('junk'), 'println 1')
        Files.write(folder.resolve('disk'), new byte[4096])
        Path file = folder.resolve('shy.guest')
        run("guest('shy') { memory 16.MB; kernel '$Scripts.ECHO'; $DEVICE }; run(10.instructions); save '$file'; exit 0")

        when:
        def ended = run(script)

        then:
        ended.status == 3
        ended.err == "test.lgs:$message\n".replace('FOLDER', folder.toString())

        where:
        script                                                                         || message
        "restore 'nothing'"                                                            || "1: restore: no file 'nothing': looked in FOLDER (the script's directory) and ${Path.of('').toAbsolutePath()} (the working directory)"
        "restore 'junk'"                                                               || "1: restore 'junk': not a saved guest"
        "restore 'shy.guest'"                                                          || "1: guest shy was saved with a device 'echo': say it again, device('echo') { }"
        "restore('shy.guest') { device('ecko') { type 64 } }"                          || "1: device ecko: guest shy was saved without it; did you mean echo?"
        "restore('shy.guest') { device('echo') { type 65 } }"                          || "1: device echo has type 65, 1 pages, features 0x0; guest shy was saved with type 64, 1 pages, features 0x0"
        "restore('shy.guest') { devise('echo') { } }"                                   || "1: no word devise in restore { }; did you mean device?"
        "guest('shy') { kernel '$Scripts.HELLO' }; restore('shy.guest') { device('echo') { type 64 } }" || "1: there is a guest 'shy' already: give this one another, { name 'other' }"
        "guest('a') { kernel '$Scripts.HELLO' }; save 'FOLDER/no/where'"               || "1: save 'FOLDER/no/where': cannot be written: No such file or directory"
        "guest('a') { kernel '$Scripts.HELLO'; block 'disk' }; fork()"                 || "1: fork of guest a: both would write to 'FOLDER/disk'; give the first one block '...', snapshot"
        "guest('a') { kernel '$Scripts.HELLO' }; before hypercall(SEND_DMA) run { fork() }; boot()" || "1: fork of guest a: a hook is in the middle of an instruction; stop the guest, and fork it then (guest a paused at 0xc0100028 _start+0x1b)"
        "guest('a') { kernel '$Scripts.HELLO' }; boot(); waitFor { state == 'off' }; save 'x'" || "1: save 'x': guest a is off: CRASH: Power down"
        "guest('a') { kernel '$Scripts.HELLO'; device('d') { type 64; state.x = new Object() } }; save 'x'" || "1: device d: state.x is a Object: a device can remember numbers, text, byte[], booleans, lists and maps"
    }
}
