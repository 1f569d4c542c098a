package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('remember and replay: a guest as it was, and as it might have been')
@Timeout(60)
class ReplaySlowSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text.replace('FOLDER', folder.toString())) }

    /** Has the guest run on, and compares what it was time and again with what it is when replayed. */
    private static final String SAMPLES = '''
        def seen = [:]
        def sample = { run(it.instructions); seen[cpu.instructions] = [guest('puppy').memoryHash, cpu.toString(), console.text] }
        def compare = {
            seen.each { count, was ->
                def again = replay.at(count)
                def now = [again.memoryHash, again.cpu.toString(), again.console.text]
                println "$count ${now == was ? 'same' : "other: $now, not $was"}"
                again.stop()
            }
        }
    '''

    def "what is typed is typed again: #engine"() {
        when:
        def ended = run(Scripts.puppy("engine $engine") + SAMPLES + '''
            remember()
            boot()
            expect 'puppy> '
            sample 1000
            sendLine 'run grow'
            10.times { sample 7919 }
            boot()
            expect 'puppy> '
            sendLine 'echo that was it'
            expect 'that was it'
            5.times { sample 100_003 }
            compare()
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines().size() > 5
        ended.out.readLines().every { it ==~ /\d+ same/ }

        where:
        engine << ['interpreter', 'translator']
    }

    def "what hooks do is done again, without them: #engine"() {
        when:
        def ended = run(Scripts.puppy("engine $engine") + SAMPLES + '''
            int calls = 0
            remember()
            replace hypercall(SET_CLOCKEVENT) run { delta -> calls++; proceed delta * 2 }
            before hypercall(SET_PTE) run { it.ecx = it.ecx | 0x200; calls++ }
            after hypercall(SEND_DMA) run { it.result = 5 }
            before console run { it.text = it.text.toUpperCase(); calls++ }
            before interrupts run { memory.u32('clock_ticks', 7); calls++ }
            before at('console_write') run { cpu.eflags = cpu.eflags ^ 1; calls++ }
            before on(write('clock_ticks')) run { memory.u8(0xC0000100, it.value & 0xFF); calls++ }
            every 3.ms run { memory.u8(0xC0000200, calls & 0xFF) }
            before on(faults) run { memory.u8(0xC0000300, calls++ & 0xFF) }
            boot()
            sleep 10.ms
            send 'run count\\n'
            20.times { sample 997 }
            boot()
            sleep 10.ms
            5.times { sample 100_003 }
            int before = calls
            compare()
            println "${calls > 20} ${calls == before}"
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines().last() == 'true true'
        ended.out.readLines().size() > 5
        ended.out.readLines().init().every { it ==~ /\d+ same/ }

        where:
        engine << ['interpreter', 'translator']
    }

    def "a branch differs from what has been as soon as something else comes in, and not before"() {
        when:
        def ended = run(Scripts.puppy() + """
            guest('puppy').boot()
            remember()
            expect 'puppy> '
            def before = cpu.instructions
            sendLine 'run grow'
            expect 'exit status'
            def was = [guest('puppy').memoryHash, cpu.instructions, console.text]
            def branch = replay.at(before - 1000).fork('branch')
            println "\$branch.name \$branch.state \${branch.instructions == before - 1000} \${guests.keySet()}"
            branch.run(console('puppy> '))
            println branch.instructions == before
            def same = branch.fork()
            same.console.sendLine 'run grow'
            same.run(console('exit status'))
            println([same.memoryHash, same.instructions, same.console.text] == was)
            branch.console.sendLine 'run count'
            branch.run(console('exit status'))
            println branch.console.lines.last()
            println([guest('puppy').memoryHash, guest('puppy').instructions, guest('puppy').console.text] == was)
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == ['branch paused true [puppy, branch]', 'true', 'true', '[1] count: exit status 0', 'true']
    }

    def "what a scripted device says, raises and remembers comes again, and its closures live on in a branch: #engine"() {
        when:
        def ended = run("""
            int calls = 0
            guest('shy') {
                memory 16.MB
                kernel '$Scripts.ECHO'
                engine $engine
                device('echo') {
                    type 64
                    state.sent = 0
                    sent { calls++; state.sent++; def text = it.text; start 'later', 1.ms; state.text = text }
                    timer('later') { calls++; reply "\${state.sent}: \$state.text"; raise 5 }
                }
            }
            remember()
            def seen = [:]
            60.times { run(2.instructions); seen[cpu.instructions] = guest('shy').memoryHash }
            boot()
            waitFor { state == 'off' }
            println "\$calls \${console.text.trim()}"
            seen.each { count, was -> if (replay.at(count).memoryHash != was) { println "other at \$count" } }
            def again = replay.at(replay.last)
            println "\$again.state \${again.memoryHash == guest('shy').memoryHash} \${again.console.text.trim()} \$calls"
            def branch = replay.at(seen.keySet()[0]).fork()
            branch.run()
            println "\${branch.console.text.trim()} \$calls"
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == ['2 1: hello from the guest', 'off true 1: hello from the guest 2', '1: hello from the guest 4']

        where:
        engine << ['interpreter', 'translator']
    }

    def "what cannot be remembered is refused: #what"() {
        when:
        def ended = run("guest('a') { memory 16.MB; kernel '$Scripts.HELLO'; $what }\n$then")

        then:
        ended.status == 3
        ended.err == "test.lgs:2: $message\n".replace('FOLDER', folder.toString())

        where:
        what                          | then         || message
        'time host'                   | 'remember()' || "remember: guest a cannot be remembered: it goes by the host's time, which never comes again; say time virtual"
        'usernet { }'                 | 'remember()' || "remember: guest a cannot be remembered: it has a network card, and its frames are not remembered"
        "sharenet 'FOLDER/wire'"      | 'remember()' || "remember: guest a cannot be remembered: it has a network card, and its frames are not remembered"
        "block 'FOLDER/disk', size: 1.MB" | 'remember()' || "remember: guest a cannot be remembered: it writes to disk 'FOLDER/disk', which would not be again as it was; say readOnly or snapshot"
        ''                            | 'replay'     || "guest a is not remembered: say remember()"
        ''                            | 'remember().at(5)'                       || "replay: instruction 5 of guest a: it is remembered from 0 to 0"
        ''                            | 'remember().at(0).console.send "x"'      || "guest a is in its past, where nobody can type: a fork of it lives on from there"
        ''                            | 'remember().at(0).cpu.eax = 1'           || "guest a is in its past, where nobody can change its eax: a fork of it lives on from there"
        ''                            | 'remember().at(0).memory.u8(0xC0000000, 1)' || "guest a is in its past, where nobody can change its memory: a fork of it lives on from there"
        ''                            | 'remember().at(0).interrupts.raise 1'    || "guest a is in its past, where nobody can raise an interrupt: a fork of it lives on from there"
    }

    def "so many steps back and as many forward lead to where it was: #engine"() {
        when:
        def ended = run(Scripts.puppy("engine $engine") + '''
            remember()
            boot()
            before interrupts run { memory.u32('clock_ticks', 7) }
            expect 'puppy> '
            sendLine 'run count'
            run 70_000.instructions
            def g = guest('puppy')
            def was = [g.memoryHash, g.instructions, g.console.text, cpu.toString()]
            [0, 1, 2, 1001, 50_000].each {
                stepBack it
                print "${was[1] - g.instructions} "
                if (it > 0) { step it }
                println([g.memoryHash, g.instructions, g.console.text, cpu.toString()] == was)
            }
            stepBack 40_000
            5.times { stepBack 7; step 3 }
            print "${was[1] - g.instructions} $g.past "
            g.run()
            println "$g.past ${[g.memoryHash, g.instructions, g.console.text, cpu.toString()] == was}"
            send 'run grow\\n'
            run console('grow: exit status')
            println g.instructions > was[1]
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['0 true', '1 true', '2 true', '1001 true', '50000 true', '40020 true false true', 'true']

        where:
        engine << ['interpreter', 'translator']
    }

    def "who wrote this last: #engine"() {
        when:
        def ended = run(Scripts.puppy("engine $engine") + '''
            def writers = []
            def hook = before on(write('next_slot')) run { writers << [cpu.instructions, it.eip] }
            guest('puppy').remember()
            boot()
            expect 'puppy> '
            sendLine 'run count'
            expect 'exit status'
            println writers.size() > 3
            hook.remove()
            writers.reverse().take(3).each { instructions, behind ->
                def stop = reverse write('next_slot')
                def at = cpu.instructions
                step()
                println "${at == instructions - 1} ${cpu.eip == behind} ${stop.reason.startsWith('write')}"
                stepBack()
            }
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines() == ['true'] + ['true true true'] * 3

        where:
        engine << ['interpreter', 'translator']
    }

    def "in the past hooks stop a guest and do nothing else, there and back"() {
        when:
        def ended = run(Scripts.puppy('console stdout') + '''
            int lines = 0
            def written = stop(at('console_write')).when { cpu.cpl == 1 }.run { lines++ }
            written.disable()
            before console run { lines++ }
            remember()
            boot()
            expect 'puppy> '
            def then = [lines, cpu.instructions]
            written.enable()
            def hits = written.hits
            def places = []
            try {
                while (true) { reverse(); places << cpu.instructions }
            } catch (Exception none) {
                println()
                println none.message
            }
            println "${places.size() > 1} ${places == places.sort(false).reverse()} ${symbol cpu.eip}"
            def forward = [cpu.instructions]
            while (guest('puppy').past) { guest("puppy").run(); if (guest('puppy').past) { forward << cpu.instructions } }
            println "${forward == places.reverse()} ${then == [lines, cpu.instructions]} ${hits == written.hits}"
            exit 0
        ''')

        then:
        ended.err == ''
        ended.out.readLines().drop(2) == ['puppy> ', "reverse: at('console_write') has not happened since instruction 0",
                                           'true true console_write', 'true true true']
    }

    def "in the middle of the past nobody comes back: #word"() {
        when:
        def ended = run(Scripts.puppy() + """
            remember(); boot(); expect 'puppy> '; stepBack 5000
            stop(at('console_write')).when { $word; true }
            guest('puppy').run()
        """.replaceAll(/(?m)^ +/, ''))

        then:
        ended.status == 3
        ended.err.startsWith("test.lgs:4: $message: a hook is in the middle of an instruction of the past; " +
            'stop the guest, and say it then (')

        where:
        word                     || message
        'present()'              || 'present'
        "guest('puppy').stop()"  || 'stop'
    }

    def "what fails while somebody looks back is told once, with its place: #condition"() {
        when:
        def ended = run(Scripts.puppy() + """
            remember(); boot(); expect 'puppy> '
            stop(at('console_write')).when { $condition }
            reverse()
        """.replaceAll(/(?m)^ +/, ''))

        then:
        ended.status == status
        ended.err ==~ message

        where:
        condition     || status | message
        'cpu.nosuch'  || 3      | /test\.lgs:4: no property nosuch of Cpu \(guest puppy paused at 0x\w+ console_write\)\n/
        '1/0'         || 3      | /test\.lgs:4: .*[Dd]ivision by zero \(guest puppy paused at 0x\w+ console_write\)\n/
        'cpu.eax = 1' || 3      | /test\.lgs:4: guest puppy is in its past, where nobody can change its eax: .* \(guest puppy paused .*\)\n/
        'exit 7'      || 7      | ''
    }

    def "back to what happened last in a part of the guest: #noun"() {
        when:
        def ended = run(Scripts.puppy() + """
            remember(); boot(); expect 'puppy> '; sendLine 'run count'; expect 'exit status'
            def first = reverse $noun
            def here = cpu.instructions
            present()
            def second = reverse $event
            println "\${first.reason == second.reason} \${here == cpu.instructions} \${guest('puppy').past}"
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == 'true true true\n'

        where:
        noun                        | event
        'hypercalls'                | 'hypercalls()'
        'interrupts'                | 'interrupts()'
        'console'                   | "console(~/./)"
        "guest('puppy').hypercalls" | 'hypercalls()'
    }

    def "one cannot go back to that: #what"() {
        when:
        def ended = run(Scripts.puppy() + "remember()\n$what")

        then:
        ended.status == 3
        ended.err == "test.lgs:3: $message\n"

        where:
        what                      || message
        "reverse 'jiffies'"       || "reverse('jiffies'): give an event, as in reverse(write('jiffies'))"
        'reverse { true }'        || "reverse({ }): give an event, as in reverse(write('jiffies'))"
        'reverse 5'               || "reverse(5): give an event, as in reverse(write('jiffies'))"
        "reverse write('nosuch')" || "no symbol 'nosuch'"
        'stepBack 1.5'            || 'stepBack(1.5): give a number of instructions'
        'step 1.5'                || 'step(1.5): give a number of instructions'
        'replay.at 0.5'           || 'at(0.5): give a number of instructions'
        'run 100.instructions; stepBack 999999999999' || 'stepBack(999999999999): guest puppy was remembered 100 instructions ago'
        "reverse at('nosuch')"    || "no symbol 'nosuch'"
    }

    def "what is forgotten is forgotten for all who hold it: #use"() {
        when:
        def ended = run(Scripts.puppy() + """
            def held = remember()
            run 100.instructions
            def past = held.at(50)
            stepBack 10
            ${forgotten}.forget()
            println held
            $use
        """.replaceAll(/(?m)^ +/, ''))

        then:
        ended.status == 3
        ended.out == 'replay of guest puppy, forgotten\n'
        ended.err == "test.lgs:9: $message\n"

        where:
        use             | forgotten     || message
        'held.first'    | 'held'        || 'the replay of guest puppy has been forgotten: say remember() to begin another'
        'held.last'     | 'replay'      || 'the replay of guest puppy has been forgotten: say remember() to begin another'
        'held.inputs'   | 'held'        || 'the replay of guest puppy has been forgotten: say remember() to begin another'
        'held.at(50)'   | 'past.replay' || 'the replay of guest puppy has been forgotten: say remember() to begin another'
        'held.forget()' | 'replay'      || 'the replay of guest puppy has been forgotten: say remember() to begin another'
        'replay'        | 'held'        || 'guest puppy is not remembered: say remember()'
        'stepBack()'    | 'replay'      || 'guest puppy is not remembered: say remember()'
    }

    def "after it was forgotten it can be remembered anew"() {
        when:
        def ended = run(Scripts.puppy() + """
            def held = remember()
            run 100.instructions
            held.forget()
            println remember()
            run 100.instructions
            stepBack 30
            println "\$replay \$cpu.instructions \${replay.is(replay)}"
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.readLines() == ['replay of guest puppy: instructions 100 to 100, 0 inputs',
                                  'replay of guest puppy: instructions 100 to 200, 0 inputs 170 true']
    }

    def "the end of a script is not the middle of an instruction"() {
        when:
        def ended = run(Scripts.puppy() + Scripts.hello('time virtual') + """
            use 'puppy'
            remember()
            run 100.instructions
            atEnd {
                stepBack 10
                println "\$cpu.instructions"
                present()
                println "\$cpu.instructions"
                save 'FOLDER/end'
                println new File('FOLDER/end').exists()
            }
            use 'hello'
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == '90\n100\ntrue\n'
    }
}
