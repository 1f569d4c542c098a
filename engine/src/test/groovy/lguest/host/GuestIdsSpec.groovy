package lguest.host

import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('Guest slots of a machine')
class GuestIdsSpec extends Specification {
    @TempDir
    Path directory

    def ids

    def setup() {
        ids = new GuestIds(directory.resolve('deep/lguest'))
    }

    def "guests alive at once have different numbers, the lowest that are free"() {
        given:
        def slots = (0..2).collect { ids.take() }

        expect:
        slots*.number() == [0, 1, 2]

        when:
        slots[1].close()

        then:
        ids.take().number() == 1
        ids.take().number() == 3
    }

    def "closing twice frees once"() {
        given:
        def slot = ids.take()
        slot.close()
        def next = ids.take()

        when:
        slot.close()

        then:
        next.number() == 0
        ids.take().number() == 1
    }

    def "the seventeenth guest does not start"() {
        given:
        16.times { ids.take() }

        when:
        ids.take()

        then:
        def e = thrown(IOException)
        e.message == 'No space left on device'
    }

    def "a slot held by another process is skipped"() {
        given:
        ids.take().close()
        def other = new ProcessBuilder(java(), '-cp', System.getProperty('java.class.path'), Holder.name,
            directory.resolve('deep/lguest/guest-0').toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        other.inputStream.read()

        expect:
        ids.take().number() == 1

        when:
        other.outputStream.close()
        other.waitFor()

        then:
        ids.take().number() == 0
    }

    private static String java() {
        Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
    }

    /** Locks a file until its input ends. */
    static class Holder {
        static void main(String[] args) {
            def lock = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE).lock()
            println lock.valid
            System.in.read()
        }
    }
}
