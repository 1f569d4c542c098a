package lguest.shell

import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('The prompt on a whole screen')
@Requires(value = { Tmux.AVAILABLE }, reason = 'needs tmux')
class TmuxSlowSpec extends Specification {
    static final String PUPPY = Samples.folder.resolve('puppy/puppy.elf')
    static final String HELLO = Samples.folder.resolve('hello/hello.elf')
    static final String STATUS = /^puppy (running|halted|paused)\b.*, [\d,]+ instructions, \d+\.\d{3} s$/

    @TempDir
    Path folder

    @AutoCleanup
    Tmux tmux

    private void start(Map<String, String> more = [:], String... arguments) {
        tmux = new Tmux([XDG_STATE_HOME: folder.toString(), XDG_CONFIG_HOME: folder.toString()] + more, folder.toFile(), arguments.toList())
        tmux.untilLine(/lguest>/)
    }

    private void puppy() {
        start()
        tmux.line("guest('puppy') { memory 16.MB; kernel '$PUPPY'; time virtual }")
        tmux.untilLine(/lguest puppy built>/)
        tmux.line('boot')
        tmux.untilLine(/puppy>/)
    }

    /** The last line that is not empty. */
    private static String last(List<String> screen) { screen.reverse().find() ?: '' }

    def "a line below the edited one says how guests are, and is gone at the end"() {
        given:
        puppy()

        expect:
        tmux.until { last(it) ==~ STATUS }

        when:
        tmux.line("stop at('console_write')")
        tmux.untilLine(/=> stop at.*/)
        tmux.line("console.sendLine 'echo x'")

        then:
        tmux.until { last(it) ==~ /puppy paused at 0xc01\w+ <console_write>, [\d,]+ instructions, \d+\.\d{3} s/ }

        when:
        tmux.line("guest('tiny') { memory 16.MB; kernel '$HELLO' }")

        then:
        tmux.until { last(it) ==~ /\*tiny built, 0 instructions, \d+\.\d{3} s  \|  puppy paused at 0xc01.*/ }

        when:
        tmux.line(':quit')
        def end = tmux.untilLine(/status 0/)

        then:
        end.count { it =~ /instructions/ } == 0
        tmux.cursorLine() == 'shell>'
    }

    def "it can be put away, and comes back"() {
        given:
        puppy()
        tmux.until { last(it) ==~ STATUS }

        when:
        tmux.line(':status off')

        then:
        tmux.until { it.every { !(it ==~ STATUS) } }

        when:
        tmux.line(':status on')

        then:
        tmux.until { last(it) ==~ STATUS }

        when:
        tmux.line(':status maybe')

        then:
        tmux.untilLine('error: status maybe: on or off')
    }

    def "a dumb terminal has none, and is told so"() {
        given:
        // tmux says what terminal it is; a dumb one is somebody's wish.
        tmux = new Tmux([XDG_STATE_HOME: folder.toString()], folder.toFile(), ['-e', 'println 1'])
        tmux.untilLine(/status 0/)
        tmux.line('export TERM=dumb; ' + Java.command(['-Dlguest.stdin=terminal', '-Dlguest.stdout=terminal'], []).collect { "'$it'" }.join(' '))
        tmux.until { it.any { it =~ /^lguest> / || it == 'lguest>' } }

        when:
        tmux.line(':status on')

        then:
        tmux.until { it.any { it.startsWith('error: status: it takes a terminal that can move its cursor') } }
    }

    def "neither what a guest prints nor the line that is edited is torn, nor the last line"() {
        given:
        puppy()

        when: 'a guest prints line after line, beyond the screen, and somebody types'
        tmux.line("60.times { console.send 'echo this is line ' + it + ' of sixty\\n' }")
        def typed = "println 'typed while it ' + 'prints'"
        typed.each { tmux.type(it) }
        def end = tmux.until { it.any { it == 'this is line 59 of sixty' } && it.any { it.endsWith(typed) } }

        then:
        tmux.cursorLine() == "lguest puppy running> $typed"
        last(end) ==~ STATUS
        // All that is above the line being edited: nothing but what the guest has printed.
        end.takeWhile { !it.startsWith('lguest') }.every { it ==~ /(puppy> echo )?this is line \d+ of sixty|puppy>/ }

        when:
        tmux.keys('Enter')

        then:
        tmux.untilLine('typed while it prints')
    }

    def "the window may change its size: #columns by #rows"() {
        given:
        puppy()
        tmux.line('30.times { println it }')
        tmux.untilLine('29')
        tmux.type("println 'edited ' + 'here'")
        tmux.until { it.any { it.endsWith("'here'") } }

        when:
        tmux.resize(columns, rows)

        then:
        tmux.until { it.size() == rows && last(it).startsWith('puppy ') && it.any { it.endsWith("'here'") } }
        tmux.history().findAll { it ==~ /\d+/ } == (0..29)*.toString()
        tmux.history().count { it =~ /^puppy (running|halted)/ } == 1
        tmux.history().count { it =~ /edited/ } == 1

        when:
        tmux.keys('Enter')

        then:
        tmux.until { it.contains('edited here') && last(it).startsWith('puppy ') }

        where:
        columns | rows
        100     | 12
        60      | 24
        140     | 40
        40      | 5
    }

    def "what is typed while something is evaluated is shown once, when it is its turn"() {
        given:
        puppy()

        when:
        tmux.line("Thread.sleep(5000); println 'slept'")
        tmux.until { tmux.cursorLine() == '' }
        tmux.line("println 'typed ' + 'ahead'")

        then:
        def end = tmux.untilLine('typed ahead')
        end.count { it =~ /'ahead'/ } == 1
        end.indexOf('slept') < end.findIndexOf { it =~ /'ahead'/ }
    }

    def "a window may become #columns by #rows and what it was again, and all lines are there once"() {
        given:
        puppy()
        tmux.line('30.times { println it }')
        tmux.untilLine('29')
        tmux.type("println 'edited ' + 'here, in a line that is broken where there is hardly any room for it'")
        tmux.until { it.any { it.endsWith("for it'") } }

        when:
        tmux.resize(columns, rows)
        // What the terminal makes of the old rows looks otherwise.
        tmux.until { it.size() == rows && drawn(it) }
        tmux.resize(100, 24)

        then:
        tmux.until { it.size() == 24 && last(it) ==~ STATUS && tmux.cursorLine().endsWith("for it'") }
        tmux.history().findAll { it ==~ /\d+/ } == (0..29)*.toString()
        tmux.history().count { it ==~ STATUS } == 1

        where:
        columns | rows || drawn
        100     | 10   || { last(it) ==~ STATUS }
        100     | 2    || { it[0] ==~ /….*for it'/ }
        60      | 1    || { it[0] ==~ /….*for it'/ }
        30      | 24   || { last(it) ==~ /puppy (running|halted), [\d,]+ \w+…/ }
        20      | 5    || { it[0] == '>....' }
        5       | 20   || { it[0] == '>....' }
    }

    def "wide characters, which leave rows before they are full, are drawn once in a window of any width"() {
        given:
        puppy()
        tmux.type("println '${'\u5bbd' * 49} end'")
        tmux.until { it.any { it.endsWith(" end'") } }

        when:
        [41, 37].each { columns ->
            tmux.resize(columns, 24)
            tmux.until { last(it).endsWith('…') && last(it).size() == columns - 1 }
        }
        tmux.resize(100, 24)

        then:
        tmux.until { last(it) ==~ STATUS && tmux.cursorLine().endsWith(" end'") }
        tmux.history().count { it.contains("println '") } == 1
        tmux.history().count { it ==~ STATUS } == 1
    }

    def "a guest has the whole terminal while it has it"() {
        given:
        puppy()
        tmux.until { last(it) ==~ STATUS }

        when:
        tmux.line(':console')
        tmux.untilLine(/\(the console of puppy; Ctrl-\] comes back\)/)
        tmux.line('help')

        then:
        def given = tmux.until { last(it) == 'puppy>' }
        given.every { !(it ==~ STATUS) }

        when:
        tmux.keys('C-]')

        then:
        tmux.until { last(it) ==~ STATUS }
        tmux.until { tmux.cursorLine() ==~ /lguest puppy \w+>/ }
    }

    def "Tab completes a symbol in quotes"() {
        given:
        puppy()

        when:
        tmux.type("stop at('console_wr")
        tmux.keys('Tab')

        then:
        tmux.until { tmux.cursorLine() =~ /stop at\('console_write/ }

        when:
        tmux.type("')")
        tmux.keys('Enter')

        then:
        tmux.untilLine(/=> stop at\('console_write'\), hits 0 +prompt:1/)
    }

    def "Ctrl-C where nothing is typed pauses the guest"() {
        given:
        puppy()
        tmux.line("console.sendLine 'spin 4000000'")
        tmux.until { last(it) ==~ /puppy running, .*/ }

        when:
        tmux.until { tmux.cursorLine() == 'lguest puppy running>' }
        tmux.keys('C-c')

        then:
        tmux.until { tmux.cursorLine() == 'lguest puppy paused>' }
        tmux.until { last(it) ==~ /puppy paused, [\d,]+ instructions, .*/ }
    }

    def "an error in a closure shows the line that was typed, and the guest's place"() {
        given:
        puppy()

        when:
        tmux.line("stop at('console_write') when { cpu.eaxx > 3 }")
        tmux.untilLine(/=> stop at.*/)
        tmux.line("console.sendLine 'echo x'")

        then:
        def end = tmux.until { it.any { it =~ /no property eaxx/ } }
        int at = end.findIndexOf { it =~ /no property eaxx/ }
        end[at] ==~ /puppy paused at 0xc01\w+ <console_write>: no property eaxx of Cpu; did you mean eax\?/
        end[at - 1] == "  stop at('console_write') when { cpu.eaxx > 3 }"
    }

    def "an error in a hook of a script shows script and line, and the guest's place"() {
        given:
        folder.resolve('hooks.lgs').toFile().text = "\nbefore hypercall(SEND_DMA) run {\n    it.nosuch\n}\n"
        start()
        tmux.line("guest('tiny') { memory 16.MB; kernel '$HELLO' }")
        tmux.untilLine(/lguest tiny built>/)
        tmux.line(':source hooks.lgs')
        tmux.until { tmux.cursorLine() == 'lguest tiny built>' }

        when:
        tmux.line('boot')

        then:
        tmux.untilLine(/tiny paused at 0xc010002\w <_start\+0x\w+>: hooks.lgs:3: no property nosuch of .*/)
    }
}
