package lguest.interp

import spock.lang.Specification
import spock.lang.Title

@Title('What is a guest busy with?')
class WhereaboutsSpec extends Specification {
    Whereabouts guest = new Whereabouts()

    private void stay(int place, long millis) {
        guest.at(place)
        long end = System.nanoTime() + millis * 1_000_000
        while (System.nanoTime() < end) {
            Thread.onSpinWait()
        }
    }

    def "nobody has seen what has not begun"() {
        when:
        stay(Whereabouts.TRANSLATED, 20)

        then:
        guest.share(Whereabouts.TRANSLATED, 1000) == 0
    }

    def "who has stayed longer has the larger share"() {
        when:
        guest.begin()
        stay(Whereabouts.TRANSLATED, 400)
        stay(Whereabouts.OUTSIDE, 100)
        guest.end()
        def before = (0..2).collect { guest.share(it, 1000) }

        then:
        before[Whereabouts.TRANSLATED] > before[Whereabouts.OUTSIDE]
        before[Whereabouts.OUTSIDE] > 0
        before[Whereabouts.INTERPRETING] == 0
        before.sum() > 997
    }
}
