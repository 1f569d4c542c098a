package lguest.shell

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

import static lguest.shell.Invocation.Form.*

class InvocationSpec extends Specification {
    @TempDir
    Path folder

    def "#arguments at a terminal (#terminal) is #form"() {
        expect:
        Invocation.of(arguments, terminal) == new Invocation(form, rest, stacktrace)

        where:
        arguments                              | terminal || form     | rest                                   | stacktrace
        []                                     | true     || PROMPT   | []                                     | false
        []                                     | false    || LAUNCHER | []                                     | false
        ['--stacktrace']                       | true     || PROMPT   | []                                     | true
        ['64m', 'vmlinux']                     | true     || LAUNCHER | ['64m', 'vmlinux']                     | false
        ['64']                                 | false    || LAUNCHER | ['64']                                 | false
        ['--block=x', '64m', 'vmlinux', 'a']   | false    || LAUNCHER | ['--block=x', '64m', 'vmlinux', 'a']   | false
        ['-v', '64m', 'vmlinux']               | false    || LAUNCHER | ['-v', '64m', 'vmlinux']               | false
        ['--nosuch']                           | false    || LAUNCHER | ['--nosuch']                           | false
        ['--stacktrace', '64m', 'vmlinux']     | false    || LAUNCHER | ['--stacktrace', '64m', 'vmlinux']     | true
        ['hello.lgs', '--help', '-e']          | false    || SCRIPT   | ['hello.lgs', '--help', '-e']          | false
        ['2nd.lgs', '64m']                     | false    || SCRIPT   | ['2nd.lgs', '64m']                     | false
        ['--stacktrace', 'hello.lgs']          | false    || SCRIPT   | ['hello.lgs']                          | true
        ['-e', 'println 1', 'x']               | false    || CODE     | ['println 1', 'x']                     | false
        ['run', 'tool', '--x']                 | false    || COMMAND  | ['run', 'tool', '--x']                 | false
        ['repl']                               | false    || COMMAND  | ['repl']                               | false
        ['--help']                             | false    || HELP     | ['--help']                             | false
        ['--stacktrace', '-h']                 | false    || HELP     | ['-h']                                 | true
        ['help']                               | false    || HELP     | ['help']                               | false
        ['help', 'run']                        | false    || COMMAND  | ['help', 'run']                        | false
        ['-V']                                 | false    || VERSION  | ['-V']                                 | false
        ['--version']                          | false    || VERSION  | ['--version']                          | false
        ['64m', 'vmlinux', '--help']           | false    || LAUNCHER | ['64m', 'vmlinux', '--help']           | false
        ['generate-completion']                | false    || COMMAND  | ['generate-completion']                | false
        ['vmlinux']                            | false    || UNKNOWN  | ['vmlinux']                            | false
        ['']                                   | false    || UNKNOWN  | ['']                                   | false
    }

    def "a file whose first line names an interpreter is a script, whatever it is called"() {
        given:
        def tool = Files.writeString(folder.resolve('tool'), text)

        expect:
        Invocation.of([tool.toString()], false).form() == form

        where:
        text                               || form
        '#!/usr/bin/env lguest\nprintln 1' || SCRIPT
        'println 1'                        || UNKNOWN
        ''                                 || UNKNOWN
    }
}
