package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.dsl.internal.Similar
import lguest.dsl.internal.StructBlock.Field

/** A structure laid over memory: its fields are properties, read and written where they are at that moment. */
@CompileStatic
final class StructView {
    private final String struct
    private final Map<String, Field> fields
    private final Memory memory
    private final long start

    @PackageScope
    StructView(String struct, Map<String, Field> fields, Memory memory, long start) {
        this.struct = struct
        this.fields = fields
        this.memory = memory
        this.start = start
    }

    /** The value of a field: a number, text, or a list of numbers. */
    Object propertyMissing(String name) { field(name).read(memory, start) }

    /** Sets a field; an array with a list that is not longer. */
    void propertyMissing(String name, Object value) { field(name).write(memory, start, value) }

    private Field field(String name) {
        Field found = fields[name]
        if (found == null) {
            throw new ScriptFailure("struct ${struct} has no field ${name}" + Similar.hint(name, fields.keySet()))
        }
        found
    }

    @Override
    String toString() {
        fields.values().collect { Field it ->
            Object value = it.read(memory, start)
            "${it.name}: ${value instanceof List ? ((List) value).collect { shown(it) } : shown(value)}"
        }.join(', ').with { "${struct} at ${String.format('0x%08x', start)} { ${it} }" as String }
    }

    private static Object shown(Object value) {
        value instanceof Long && (long) value > 0xFFFF ? String.format('0x%08x', value) : value instanceof String ? "'${value}'" : value
    }
}
