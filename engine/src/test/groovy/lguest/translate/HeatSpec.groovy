package lguest.translate

import spock.lang.Specification
import spock.lang.Title

@Title('A region of the first generation tells when it has paid, and when it is hot')
class HeatSpec extends Specification {
    def "after #beats executions of a region that is hot after #promotion: #told"() {
        given:
        def heard = []
        def region = new Region() {
            @Override
            Link run(int depth) {
                null
            }
        }
        def heat = new Heat(promotion, { heard << 'paid'; assert it.is(region) }, { heard << 'hot'; assert it.is(region) })
        heat.of(region)

        when:
        beats.times { heat.beat() }

        then:
        heard == told

        where:
        promotion            | beats                 | told
        50_000               | Heat.WORTHWHILE - 1   | []
        50_000               | Heat.WORTHWHILE       | ['paid']
        50_000               | 49_999                | ['paid']
        50_000               | 50_000                | ['paid', 'hot']
        50_000               | 150_000               | ['paid', 'hot']
        Heat.WORTHWHILE      | Heat.WORTHWHILE       | ['paid', 'hot']
        Heat.WORTHWHILE + 1  | Heat.WORTHWHILE + 1   | ['paid', 'hot']
        10                   | 9                     | []
        10                   | 10                    | ['paid', 'hot']
        0                    | 10_000                | []
    }
}
