package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.FutureTask
import lguest.dsl.internal.ScriptRunner
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('a thread that a script has started fails')
class ScriptThreadsSpec extends Specification {
    @TempDir
    Path folder

    def "the script says so at once, with the place, and ends like that: #thread"() {
        when:
        def ended = new Scripts(folder).run("def t = Thread.start('dog') {\n$thread\n}\nt.join(); println 'on'\n")

        then:
        ended.out == 'on\n'
        ended.err == (message == null ? '' : "test.lgs:2: thread dog: $message\n")
        ended.status == status

        where:
        thread                                  || message                           | status
        "throw new IOException('bone')"         || 'IOException: bone'               | 3
        'bark()'                                || 'no word bark'                    | 3
        "throw new AssertionError('bone')"      || 'assertion failed: bone'          | 1
        'println 1 / 0'                         || 'ArithmeticException: Division by zero' | 3
        "new File('/nowhere/bone').text"        || 'FileNotFoundException: /nowhere/bone (No such file or directory)' | 3
        "['x'].stream().map { it.no }.toList()" || 'no property no of String'        | 3
        'exit 5'                                || null                              | 5
    }

    def "a guest that dies while a thread waits for it is that thread's failure, with its status"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy("cmdline 'kill=16'") + """
            Thread.start('dog') {
                boot()
                waitFor { false }
            }.join()
            """.stripIndent())

        then:
        ended.err ==~ /test\.lgs:\d: thread dog: (?s).*/
        ended.status == GuestDied.STATUS
    }

    def "a failure of the script itself counts more, and exit more than anything: #last"() {
        when:
        def ended = new Scripts(folder).run('''
            Thread.start('one') { assert false }.join()
            Thread.start('two') { exit 7 }.join()
            '''.stripIndent() + last)

        then:
        ended.err.readLines().findAll { it.startsWith('test.lgs') } == lines
        ended.status == status

        where:
        last       || lines                                                                   | status
        ''         || ['test.lgs:2: thread one: assertion failed: assert false']              | 1
        'frob()'   || ['test.lgs:2: thread one: assertion failed: assert false', 'test.lgs:4: no word frob'] | 3
        'exit 9'   || ['test.lgs:2: thread one: assertion failed: assert false']              | 9
        'exit 0'   || ['test.lgs:2: thread one: assertion failed: assert false']              | 0
        'atEnd { exit 6 }' || ['test.lgs:2: thread one: assertion failed: assert false']      | 6
        'atEnd { exit 0 }' || ['test.lgs:2: thread one: assertion failed: assert false']      | 0
        'atEnd { frob() }' || ['test.lgs:2: thread one: assertion failed: assert false', 'test.lgs:4: no word frob'] | 3
        'atEnd { frob() }; exit 0' || ['test.lgs:2: thread one: assertion failed: assert false', 'test.lgs:4: no word frob'] | 0
    }

    def "a thread of what is included is the script's"() {
        given:
        Files.writeString(folder.resolve('pack.lgs'), "\nThread.start('dog') { throw new IOException('bone') }.join()\n")

        when:
        def ended = new Scripts(folder).run("include 'pack.lgs'\nprintln 'on'\n")

        then:
        ended.out == 'on\n'
        ended.err == 'pack.lgs:2: thread dog: IOException: bone\n'
        ended.status == 3
    }

    def "guests run to their end all the same"() {
        when:
        def ended = new Scripts(folder).run(Scripts.hello('console stdout') + "Thread.start('dog') { bark() }.join()\nboot()\n")

        then:
        ended.out == 'Hello from a guest of one page.\n'
        ended.err == 'test.lgs:2: thread dog: no word bark\n'
        ended.status == 3
    }

    def "a test with such a thread fails"() {
        when:
        def outcome = GuestTest.in(Files.writeString(folder.resolve('t.lgs'), "Thread.start('dog') { bark() }.join()"))[0].run()

        then:
        outcome.result == GuestTest.Result.FAILED
        outcome.message == 't.lgs:1: thread dog: no word bark'
    }

    def "it is that script's which started it, of two that are open"() {
        given:
        def sessions = ['one.lgs', 'two.lgs'].collect { name ->
            def session = new Session(new Streams(InputStream.nullInputStream(), System.out, System.err, false), null, [], false)
            new ScriptRunner().execute(session, Files.writeString(folder.resolve(name), "Thread.start { exit ${name == 'two.lgs' ? 5 : 0} }.join()"))
            session
        }

        expect:
        sessions*.threadStatus == [0, 5]

        cleanup:
        sessions*.close()
    }

    def "so it is where both have one name, if each is run by a thread of its own"() {
        given:
        def begun = new CyclicBarrier(2)

        when:
        def statuses = ['one', 'two'].withIndex().collect { String name, int i ->
            def script = Files.writeString(Files.createDirectory(folder.resolve(name)).resolve('t.lgs'), "Thread.start { exit ${4 + i} }.join()")
            new FutureTask<Integer>({
                def session = new Session(new Streams(InputStream.nullInputStream(), System.out, System.err, false), null, [], false)
                begun.await()
                new ScriptRunner().execute(session, script)
                begun.await()
                session.threadStatus.tap { session.close() }
            }).tap { new Thread(it).start() }
        }*.get()

        then:
        statuses == [4, 5]
    }

    def "at a prompt it is said, and no more"() {
        given:
        def out = new ByteArrayOutputStream()
        def session = new Session(new Streams(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(out, true), true), null, [], true)

        when:
        session.eval("Thread.start('dog') { throw new IOException('bone') }.join()")
        def answer = session.eval('6 * 7')
        session.close()

        then:
        answer == 42
        out.toString() == 'thread dog: IOException: bone\n'
    }

    def "what is no thread of a script is for whom it was before, and so is everything when the script is over"() {
        given:
        def heard = []
        def before = Thread.defaultUncaughtExceptionHandler
        Thread.defaultUncaughtExceptionHandler = { thread, thrown -> heard << "$thread.name: $thrown.message".toString() }
        def failing = { String name -> new Thread({ throw new IOException('of nobody') }, name).with { it.start(); it.join() } }

        when:
        def session = new Session(new Streams(InputStream.nullInputStream(), System.out, System.err, false), null, [], false)
        failing('during')
        session.close()
        failing('after')

        then:
        heard == ['during: of nobody', 'after: of nobody']

        cleanup:
        Thread.defaultUncaughtExceptionHandler = before
    }
}
