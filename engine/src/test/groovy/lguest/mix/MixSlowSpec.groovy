package lguest.mix

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import lguest.machine.Guest
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

/**
 * With {@code -Dlguest.mix.seconds} and {@code -Dlguest.mix.done}, a file that remembers which seeds are done, it goes on from where it
 * was stopped; {@code -Dlguest.mix.seed} is the first seed, and the only one if there are no more seconds than one guest takes.
 */
@Title('Code and mappings that change, interrupts and DMA, all at once: no engine makes a difference')
class MixSlowSpec extends Specification {
    static final int SECONDS = Integer.getInteger('lguest.mix.seconds', 300)
    static final long SEED = Long.getLong('lguest.mix.seed', System.nanoTime() >>> 20)

    @TempDir
    Path folder

    def "#SECONDS seconds of guest time"() {
        given:
        def file = System.getProperty('lguest.mix.done')
        def done = file ? Path.of(file) : folder.resolve('done')
        long seed = SEED
        long before = 0
        if (Files.exists(done)) {
            Files.readAllLines(done)*.split(' ').each {
                seed = Math.max(seed, (it[0] as long) + 1)
                before += it[1] as long
            }
        }
        def comparison = new Comparison(folder)

        expect:
        while (before + comparison.nanos < SECONDS * 1_000_000_000L) {
            long already = comparison.nanos
            assert comparison.check(seed) == null
            Files.writeString(done, "$seed ${comparison.nanos - already}\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND)
            seed++
        }
        println "mix, seeds up to $seed: $comparison"
    }

    def "seed #seed, that once made a difference, makes none: #what"() {
        expect:
        new Comparison(folder).check(seed) == null

        where:
        seed    | what
        4832673 | 'INT n had been served, but could still be seen to have asked for that'
    }

    def "code that goes on although its second page was overwritten is found, and in how few acts"() {
        given:
        def comparison = new Comparison(folder, { Guest guest ->
            def watcher = guest.physical().@codeWatcher
            guest.physical().watchCode { int physical, int bytes ->
                if ((physical & 0xFFF) > 8) {
                    watcher.written(physical, bytes)
                }
            }
        })

        when:
        String found = null
        for (long seed = 1; !found; seed++) {
            found = comparison.check(seed)
        }
        println found

        then:
        found ==~ /(?s)seed .* interpreted\.\nActs \[.*/
        found.readLines().size() < 20
    }
}
