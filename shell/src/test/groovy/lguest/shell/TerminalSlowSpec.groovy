package lguest.shell

import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

/** What somebody at a terminal sees. Skipped where {@code script} of util-linux is missing. */
@Requires(value = { Pty.AVAILABLE }, reason = 'needs script(1) of util-linux and pseudo-terminals')
class TerminalSlowSpec extends Specification {
    static final String CTRL_C = '\003'
    static final String CTRL_D = '\004'
    static final String CTRL_LEAVE = '\035'
    static final String PUPPY = Samples.folder.resolve('puppy/puppy.elf')

    @TempDir
    Path folder

    @AutoCleanup
    Pty pty

    private void start(String... arguments) {
        pty = new Pty([XDG_STATE_HOME: folder.toString(), XDG_CONFIG_HOME: folder.toString(), NO_COLOR: '1'], folder.toFile(), arguments.toList())
    }

    /** Ctrl-C three times within a second, each as a key of its own: the guest echoes it. */
    private void strikeThree() {
        2.times {
            pty.type(CTRL_C)
            pty.expect('^C')
        }
        pty.type(CTRL_C)
    }

    def "without arguments there is a prompt; guests print above it, and Ctrl-D leaves"() {
        given:
        folder.resolve('lguest').toFile().mkdir()
        folder.resolve('lguest/init.lgs').toFile().text = 'def seven() { 7 }'
        start()
        pty.expect('lguest> ')

        when:
        pty.type("guest('tiny') { memory 16.MB\r")
        pty.expect('...> ')
        pty.type("kernel '$PUPPY' }\r")

        then:
        pty.expect('=> guest tiny: built')
        pty.expect('lguest tiny built> ')

        when:
        pty.type('boot\r')

        then:
        pty.expect('puppy: type help')
        pty.expect('lguest tiny running> ')

        when:
        pty.type('6 * ')
        pty.type('seven()\r')

        then:
        pty.expect('=> 42')
        // A key before the prompt is back would reach the terminal's own line editing.
        pty.expect('lguest tiny running> ')

        when:
        pty.type(CTRL_D)

        then:
        pty.status() == 0
        pty.sane
        folder.resolve('lguest/history').toFile().text.contains('6 * seven()')
    }

    def "Ctrl-C forgets the line, and ends what is evaluated"() {
        given:
        start()
        pty.expect('lguest> ')

        when:
        // What the line editor has not read yet is thrown away by the terminal on Ctrl-C.
        pty.type("println 'nev' + 'er'")
        pty.expect("'er'")
        pty.type(CTRL_C)
        pty.expect('lguest> ')
        pty.type("guest('tiny') { kernel '$PUPPY'; console { } }\r")
        pty.expect('=> guest tiny: built')
        pty.type("boot\r")
        pty.expect('running> ')
        pty.type("waitFor { println 'ask' + 'ed'; false }\r")
        pty.expect('asked')
        pty.type(CTRL_C)

        then:
        pty.expect('error: interrupted')

        when:
        pty.type(':quit 3\r')

        then:
        pty.status() == 3
        pty.sane
        !pty.plain().contains('never\n')
    }

    def "Tab completes commands, members and symbols"() {
        given:
        start()
        pty.expect('lguest> ')
        pty.type("guest('tiny') { kernel '$PUPPY' }\r")
        pty.expect('built> ')

        when:
        pty.type("symbols.at(symbols.address('print_n\t'))\r")
        pty.type('descri\t.siz\t()\r')

        then:
        pty.expect('=> print_nsec')
        pty.expect('=> 1')
    }

    def "a guest of the launcher has the terminal, Ctrl-] opens the prompt on it, :cont goes back, three Ctrl-C leave"() {
        given:
        start('16', PUPPY)
        pty.expect('puppy> ')

        when:
        pty.type('ticks\r')

        then:
        pty.expect('puppy> ')

        when:
        pty.type(CTRL_LEAVE)

        then:
        pty.expect('lguest guest ')
        pty.expect('> ')

        when:
        pty.type('regs\r')

        then:
        pty.expect('eip c0')

        when:
        pty.type(':cont\r')

        then:
        pty.expect('Ctrl-] comes back')
        pty.expect('puppy> ')

        when:
        pty.type('echo back again\r')

        then:
        pty.expect('\nback again')

        when:
        strikeThree()

        then:
        pty.status() == 2
        pty.sane
    }

    def "a guest that powers off while it has the terminal again ends it all"() {
        given:
        start('16', PUPPY)
        pty.expect('puppy> ')
        pty.type(CTRL_LEAVE)
        pty.expect('> ')
        pty.type(':c\r')
        pty.expect('puppy> ')

        when:
        pty.type(ending)

        then:
        pty.status() == status
        pty.sane

        where:
        ending         || status
        'poweroff\r'   || 0
        'crash ouch\r' || 1
    }

    def "three Ctrl-C end a guest of the launcher"() {
        given:
        start('16', PUPPY)
        pty.expect('puppy> ')

        when:
        strikeThree()

        then:
        pty.status() == 2
        pty.sane
    }
}
