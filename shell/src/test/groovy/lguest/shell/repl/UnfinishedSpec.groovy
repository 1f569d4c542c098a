package lguest.shell.repl

import spock.lang.Specification

class UnfinishedSpec extends Specification {
    def "#text goes on"() {
        expect:
        Unfinished.is(text)

        where:
        text << ["guest('a') {", 'foo(1,', '[1, 2', '"""text', "'''text\nmore", 'x = ', 'a &&', 'a \\', '/* comment', 'x = ~/ab', "if (x) { // }",
                 "println 'a' + { ->", "x ? ", "f(')')  {"]
    }

    def "#text is complete"() {
        expect:
        !Unfinished.is(text)

        where:
        text << ['', '1 + 1', "guest('a') { memory 1.MB }", "'{'", '"({["', "x = '''\n{\n'''", '// {', '/* { */ 1', 'a / b', '(a) / 2 + 4 / 2', "s =~ /[{]/",
                 "'it\\'s {'", 'import lguest.*', 'x++', "'open string", ')', '}', '#!/usr/bin/env lguest {', '"a ${b} c"', "x.split('/')"]
    }
}
