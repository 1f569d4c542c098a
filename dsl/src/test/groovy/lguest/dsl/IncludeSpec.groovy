package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a script in a script')
class IncludeSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    private void helpers(String text) { Files.writeString(folder.resolve('helpers.lgs'), text) }

    def "a hook of an included script is as good as one of this, and says its own place"() {
        given:
        helpers("watched = []\nbefore hypercalls run { watched << it.name }\n")

        when:
        def ended = run(Scripts.hello() + """
            include 'helpers.lgs'
            println probes[0].place
            boot()
            waitFor { state == 'off' }
            println watched
        """)

        then:
        ended.err == ''
        ended.out == 'helpers.lgs:2\n[LGUEST_INIT, SEND_DMA, CRASH]\n'
    }

    def "variables go both ways, and its last line is its value"() {
        given:
        helpers('greet = { who -> "$word, $who" }\nword.size() + args.size()\n')

        when:
        def ended = run("word = 'Hello'\nprintln include('helpers.lgs', 1, 2)\nprintln greet('guest')\n")

        then:
        ended.err == ''
        ended.out == '7\nHello, guest\n'
    }

    def "it finds files beside itself, and those of the script that includes it"() {
        given:
        Path library = Files.createDirectory(folder.resolve('library'))
        Files.writeString(library.resolve('all.lgs'), "include 'one.lgs'\ninclude 'helpers.lgs'\n")
        Files.writeString(library.resolve('one.lgs'), "println 'one'\n")
        helpers("println 'two'\ninclude 'library/one.lgs'\n")

        when:
        def ended = run("include 'library/all.lgs'\ninclude 'one.lgs'\n")

        then:
        ended.out == 'one\ntwo\none\n'
        ended.err.startsWith("test.lgs:2: include: no file 'one.lgs': looked in $folder (the script's directory) and ")
    }

    def "what fails in it has its place: #text"() {
        given:
        helpers(text.replace('FOLDER', folder.fileName as String))

        when:
        def ended = run(Scripts.hello() + "include '$file'\nboot()")

        then:
        ended.status == 3
        ended.err.startsWith(message)

        where:
        text                                              | file           || message
        '\nlgo 5\n'                                       | 'helpers.lgs'  || 'helpers.lgs:2: no word lgo; did you mean log?'
        '\nbefore hypercall(SEND_DMA) run { 1 / 0 }\n'    | 'helpers.lgs'  || 'helpers.lgs:2: ArithmeticException: Division by zero (guest hello paused'
        'def x = [1'                                      | 'helpers.lgs'  || 'helpers.lgs:1: '
        "include '../FOLDER/helpers.lgs'"                  | 'helpers.lgs'  || "helpers.lgs:1: include 'helpers.lgs': it includes itself"
        "include 'helpers.lgs'"                           | 'helpers.lgs'  || "helpers.lgs:1: include 'helpers.lgs': it includes itself"
        ''                                                | 'test.lgs'     || "test.lgs:2: include 'test.lgs': it includes itself"
        ''                                                | 'nowhere.lgs'  || "test.lgs:2: include: no file 'nowhere.lgs'"
    }
}
