package lguest.dsl

import groovy.transform.CompileStatic
import java.nio.file.Path

/**
 * The words of the language in a test: guests that it builds end when it is closed. In a Spock specification
 *
 * <pre>
 * class BootSpec extends Specification {
 *     &#64;AutoCleanup &#64;Delegate GuestFixture lguest = new GuestFixture()
 *
 *     def "says hello"() {
 *         given:
 *         guest('tiny') { memory 16.MB; kernel 'samples/hello/hello.elf' }
 *
 *         when:
 *         boot 'tiny'
 *
 *         then:
 *         expect 'Hello'
 *     }
 * }
 * </pre>
 *
 * In Java it is used in a {@code try} statement. Files are looked for in the working directory, unless another folder is given.
 */
@CompileStatic
final class GuestFixture extends LgsScript implements AutoCloseable {
    private final Session session

    /** @param folder where files are looked for first; null for none */
    GuestFixture(Path folder = null) {
        session = new Session(new Streams(InputStream.nullInputStream(), System.out, System.err, false), folder, [], false)
        StackWalker.instance.walk { frames ->
            frames.map { it.toStackTraceElement() }.filter { ours(it) }.findFirst()
        }.ifPresent { StackTraceElement it -> session.knows(it.fileName) }
        start(session)
    }

    /** Whether a frame is of whoever made this. */
    private static boolean ours(StackTraceElement frame) {
        frame.fileName != null && !frame.className.startsWith(GuestFixture.name) &&
            !['groovy.', 'org.codehaus.', 'org.apache.groovy.', 'java.', 'jdk.', 'sun.'].any { frame.className.startsWith(it) }
    }

    @Override
    Object run() { null }

    /** @throws ScriptFailure if a thread has failed that the specification has started */
    @Override
    void close() {
        session.close()
        ScriptFailure failure = session.threadFailure
        if (failure != null) {
            throw new ScriptFailure(session.describe(failure, false), failure)
        }
    }
}
