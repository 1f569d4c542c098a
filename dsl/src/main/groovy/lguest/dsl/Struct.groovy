package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.dsl.internal.Similar
import lguest.dsl.internal.StructBlock.Field

/** The layout of a structure in guest memory, declared with {@code struct}. */
@CompileStatic
final class Struct {
    final String name
    /** Size with padding at the end, as in an array of them. */
    final int bytes
    private final Map<String, Field> fields
    private final Session session

    @PackageScope
    Struct(Session session, String name, Map<String, Field> fields, int bytes) {
        this.session = session
        this.name = name
        this.fields = fields
        this.bytes = bytes
    }

    /** One in linear memory of the current guest. @param where an address or a symbol */
    StructView at(Object where) { on(session.current.memory, where) }

    /** One in some memory: {@code lguest_dma.on(physical, 0x1000)}. */
    StructView on(Memory memory, Object where) { new StructView(name, fields, memory, memory.address(where)) }

    /** Where a field begins, in bytes. */
    int offset(String field) {
        Field found = fields[field]
        if (found == null) {
            throw new ScriptFailure("struct ${name} has no field ${field}" + Similar.hint(field, fields.keySet()))
        }
        found.offset
    }

    @Override
    String toString() {
        (["struct ${name}, ${bytes} bytes" as String] + fields.values().collect { String.format('  +0x%02x  %s', it.offset, it) }).join('\n')
    }
}
