package lguest.shell.repl

import spock.lang.Specification

import static lguest.shell.repl.Place.Kind.*

class PlaceSpec extends Specification {
    static final Set<String> COMMANDS = ['break', 'regs', 'boot', 'help'] as Set

    def "the cursor behind #text is at a #kind"() {
        expect:
        Place.of(text, COMMANDS) == new Place(kind, before, prefix)

        where:
        text                              || kind     | before        | prefix
        ''                                || FIRST    | ''            | ''
        're'                              || FIRST    | ''            | 're'
        ':'                               || COMMAND  | ''            | ''
        ':re'                             || COMMAND  | ''            | 're'
        ':break do_'                      || ARGUMENT | 'break'       | 'do_'
        'break do_'                       || ARGUMENT | 'break'       | 'do_'
        'break '                          || ARGUMENT | 'break'       | ''
        ':nosuch x'                       || ARGUMENT | 'nosuch'      | 'x'
        'x = cp'                          || WORD     | ''            | 'cp'
        'cpu.'                            || MEMBER   | 'cpu'         | ''
        'println cpu.ea'                  || MEMBER   | 'cpu'         | 'ea'
        'g.console?.te'                   || MEMBER   | 'g.console'   | 'te'
        "stop at('do_pa"                  || TEXT     | 'at'          | 'do_pa'
        "use 'ti"                         || TEXT     | 'use'         | 'ti'
        "f('x', 'y"                       || TEXT     | ''            | 'y'
        '"is ${cpu.e'                     || MEMBER   | 'cpu'         | 'e'
        '"is ${cpu.eax} con'              || TEXT     | ''            | 'is ${cpu.eax} con'
        "'is \${cpu.e"                    || TEXT     | ''            | 'is ${cpu.e'
        "kernel 'samples/hel"             || FILE     | 'samples/'    | 'hel'
        "guest('a') { kernel 'vm"         || FILE     | ''            | 'vm'
        'replace hypercall(SET'           || WORD     | ''            | 'SET'
    }
}
