package lguest.shell.render

import spock.lang.Specification

class PlainTextSpec extends Specification {
    def "what moves the cursor goes, colours stay"() {
        expect:
        PlainText.of(text) == plain

        where:
        text                                || plain
        'plain\ttext\n'                     || 'plain\ttext\n'
        'cr\r\n'                            || 'cr\n'
        '\033[1;31mred\033[m'               || '\033[1;31mred\033[m'
        '\033[2J\033[10;5Hx'                || 'x'
        '\033[?25lx\033[?25h'               || 'x'
        '\033]0;title\007x'                 || 'x'
        '\033(Bx\033M\0337y\0338\033=z'     || 'xyz'
        'a\b\007\0b\033'                    || 'ab'
    }
}
