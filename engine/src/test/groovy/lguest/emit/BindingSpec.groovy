package lguest.emit

import java.lang.reflect.Method
import java.lang.reflect.Modifier
import lguest.isa.Row
import lguest.isa.Table
import lguest.sem.Semantics
import spock.lang.Specification
import spock.lang.Title

@Title('The instruction table and the semantic methods fit together')
class BindingSpec extends Specification {
    static final Set<String> NO_METHOD = ['-', 'ud']

    def "every row binds to a semantic method"() {
        expect:
        rowsWithMethod().findResults { Row row -> failure("$row") { Binding.of(row.semantics()) } } == []
    }

    def "every semantic method has a row"() {
        given:
        def bound = rowsWithMethod()*.semantics().toSet().collect { Binding.of(it).method() }.toSet()

        expect:
        Binding.CLASSES.values().flatten().collectMany { semanticMethods(it) }.findAll { !(it in bound) } == []
    }

    def "a word can stand for several classes: #key is in #type"() {
        expect:
        Binding.of(key).method().declaringClass.simpleName == type

        where:
        key           || type
        'muldiv.imul' || 'MulDiv'
        'x87.fadd'    || 'X87Arithmetic'
        'x87.fld1'    || 'X87Constants'
    }

    def "the table's mistakes are named"() {
        when:
        Binding.of('alu.add_with_care')

        then:
        def missing = thrown IllegalStateException
        missing.message == 'instruction table: no @Semantics method for alu.add_with_care'

        when:
        Binding.of('abacus.add')

        then:
        def unknown = thrown IllegalStateException
        unknown.message == 'instruction table: no semantic class called abacus'
    }

    private static List<Row> rowsWithMethod() {
        Table.rows().findAll { !(it.semantics() in NO_METHOD) }
    }

    private static List<Method> semanticMethods(Class<?> type) {
        type.declaredMethods.findAll { it.isAnnotationPresent(Semantics) && Modifier.isStatic(it.modifiers) }
    }

    private static String failure(String where, Closure<?> work) {
        try {
            work()
            return null
        } catch (RuntimeException | LinkageError failed) {
            return "$where: $failed"
        }
    }
}
