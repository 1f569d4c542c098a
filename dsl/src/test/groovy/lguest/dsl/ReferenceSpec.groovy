package lguest.dsl

import lguest.dsl.internal.Explanation
import lguest.dsl.internal.Reference
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Title

@Title('what describes the language to people and to editors is made from the language')
class ReferenceSpec extends Specification {
    @Shared
    String reference = Reference.markdown()

    def "every word of #type.simpleName is in it"() {
        expect:
        Explanation.words(type).findAll { !(it =~ /^(get|is|set)[A-Z]/ || it in HIDDEN) }.findAll { !reference.contains("`$it") } == []

        where:
        type << [LgsScript, GuestSpec, DeviceSpec, PortSpec, WireSpec, UserNetSpec, PeerSpec, ReportSpec, ExpectSpec, RestoreSpec, StructSpec, Console, Memory, Hook, Tally,
                 Struct, LinearAddress, MemoryCopy, Replay]
    }

    static final Set<String> HIDDEN = ['toString', 'pATIENCE'] as Set

    def "it has what the sources say, in Markdown"() {
        expect:
        reference.contains('- `hex(Object number)`: `0xc0101234`.\n')
        reference.contains('- `cpu`: The registers of a guest, unsigned.')
        reference.contains('- `eax`, which can be set')
        !reference.contains('{@') && !reference.contains('*/') && !reference.contains('needHost')
    }

    def "the descriptor for editors knows every block and finds every class"() {
        given:
        def found = []
        def delegated = []
        def properties = []
        def script = new GroovyShell(new Binding(
            context: { it }, scriptScope: { 'script' }, closureScope: { 'closure' },
            contributor: { where, Closure what ->
                what.delegate = [
                    findClass: { String name ->
                        found << Class.forName(name)
                        [fields: Class.forName(name).fields.collect { [name: it.name, type: [canonicalText: it.type.name]] },
                         methods: Class.forName(name).methods.collect { [name: it.name, returnType: [canonicalText: it.returnType.name]] }, name: name]
                    },
                    delegatesTo: { delegated << it.name }, enclosingCall: { true }, property: { properties << it.name }
                ]
                what.resolveStrategy = Closure.DELEGATE_FIRST
                what()
            }))

        when:
        script.evaluate(getClass().getResource('/lguest.gdsl').text)

        then:
        delegated.toSet() == ['LgsScript', 'GuestSpec', 'DeviceSpec', 'PeerSpec', 'WireSpec', 'UserNetSpec', 'PortSpec', 'PageSpec', 'ReportSpec', 'ExpectSpec',
                                  'RestoreSpec', 'StructSpec'].collect { "lguest.dsl.$it".toString() }.toSet()
        properties.containsAll(['SET_PTE', 'PF', 'CONSOLE_KEY', 'MB', 'seconds'])
    }
}
