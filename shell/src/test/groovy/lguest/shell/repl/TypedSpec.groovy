package lguest.shell.repl

import lguest.shell.launcher.Words
import spock.lang.Specification

class TypedSpec extends Specification {
    static final Set<String> COMMANDS = ['step', 's', 'regs', 'r', 'break', 'x', 'cont', 'c', 'boot', 'dis'] as Set

    def "#line is a command"() {
        expect:
        Typed.of(line, COMMANDS).words() == words

        where:
        line                          || words
        ':regs'                       || ['regs']
        '  :step 5 '                  || ['step', '5']
        ':nosuch thing'               || ['nosuch', 'thing']
        'regs'                        || ['regs']
        'step 5'                      || ['step', '5']
        's'                           || ['s']
        'dis -n 5'                    || ['dis', '-n', '5']
        'dis --help'                  || ['dis', '--help']
        'break do_page_fault+0x12'    || ['break', 'do_page_fault+0x12']
        "break 'do_page_fault'"       || ['break', 'do_page_fault']
        'boot "my guest"'             || ['boot', 'my guest']
        ':s = 5'                      || ['s', '=', '5']
        'boot /tmp/some.guest'        || ['boot', '/tmp/some.guest']
        'break f if eax == 5'         || ['break', 'f', 'if', 'eax', '==', '5']
    }

    def "#line is Groovy"() {
        expect:
        Typed.of(line, COMMANDS) == new Typed.Code(line)

        where:
        line << ['1 + 1', 'x = 5', 'x == 5', 'x.y', 'x?.y', 'step(5)', 'step (5)', 'x[0]', 'x [0]', 's + 1', 's - 1', 's -= 1', 'r->1', 'c as int',
                 'x in [1, 2]', 's++', 'x, 16', 'stepping', 'cpu.eax', "println 'x'", '// note', 'dis { it }', 'x\n.y', 'r ? 1 : 2', 'x instanceof Map',
                 "boot 'a'; boot 'b'", 's / 2', 's /= 2', 's/2', 's // note']
    }

    def "an empty line, or a lone colon, is nothing"() {
        expect:
        Typed.of(line, COMMANDS) == new Typed.Nothing()

        where:
        line << ['', '   ', '\t', ':', ' : ']
    }

    def "quotes keep spaces and go"() {
        expect:
        Words.of('''a 'b c' "d 'e'" f'g' ''') == ['a', 'b c', "d 'e'", 'fg']
    }
}
