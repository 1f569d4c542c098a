package lguest.checklist

import org.spockframework.runtime.model.FeatureMetadata
import spock.lang.Specification
import spock.lang.Title

@Title('No statement of the checklist is left out')
class ChecklistCoverageSpec extends Specification {
    static final List<Class> SPECS = [
        ChecklistBootSpec, ChecklistInitSpec, ChecklistHypercallsSpec, ChecklistRingSpec, ChecklistInterruptsSlowSpec,
        ChecklistPagingSpec, ChecklistDevicesSpec, ChecklistNetSpec, ChecklistLauncherSlowSpec]
    /** The TAP interface. */
    static final List<Integer> TAP = [67]

    def "1 to 72, but for the TAP interface: each is a feature"() {
        given:
        def titles = SPECS.collectMany { it.declaredMethods*.getAnnotation(FeatureMetadata) }.findAll()*.name()

        expect:
        (1..72).toSet() - titles.collectMany { numbers(it) } == TAP.toSet()
    }

    /** {@code 1, 2: what is refused}: 1 and 2. */
    private static List<Integer> numbers(String title) {
        title.contains(':') ? title.tokenize(':')[0].tokenize(', ')*.toInteger() : []
    }
}
