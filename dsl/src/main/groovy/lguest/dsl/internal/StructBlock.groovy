package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.Memory
import lguest.dsl.ScriptFailure
import lguest.dsl.StructSpec

/** Turns the words of a struct block into fields with offsets. */
@CompileStatic
final class StructBlock implements StructSpec {
    private static final int MOST_BYTES = 1 << 20

    /** One field: {@code count} of something, or one if {@code count} is 0. */
    @CompileStatic
    static final class Field {
        final String name
        final String kind
        final int size
        final int count
        final int offset

        Field(String name, String kind, int size, int count, int offset) {
            this.name = name
            this.kind = kind
            this.size = size
            this.count = count
            this.offset = offset
        }

        Object read(Memory memory, long start) {
            if (kind == 'text') {
                return memory.text(start + offset, count)
            }
            if (kind == 'cstring') {
                long at = memory.u32(start + offset)
                return at == 0 ? null : memory.cstring(at)
            }
            count == 0 ? number(memory, start + offset) : (0..<count).collect { number(memory, start + offset + it * size) }
        }

        void write(Memory memory, long start, Object value) {
            if (kind == 'cstring') {
                require(value instanceof Number, "${value}: give the address of the text")
                number(memory, start + offset, value)
            } else if (kind == 'text') {
                byte[] bytes = value.toString().getBytes('UTF-8')
                require(bytes.length < count, "'${value}' has ${bytes.length} bytes, there is room for ${count - 1} and a zero")
                memory.write(start + offset, Arrays.copyOf(bytes, bytes.length + 1))
            } else if (count == 0) {
                number(memory, start + offset, value)
            } else {
                require(value instanceof List && ((List) value).size() <= count, "${value}: give a list of up to ${count} numbers")
                ((List) value).eachWithIndex { Object each, int i -> number(memory, start + offset + i * size, each) }
            }
        }

        private void require(boolean fine, String complaint) {
            if (!fine) {
                throw new ScriptFailure("field ${name}: ${complaint}")
            }
        }

        private long number(Memory memory, long at) {
            long unsigned = size == 1 ? memory.u8(at) : size == 2 ? memory.u16(at) : memory.u32(at)
            kind.startsWith('s') ? unsigned << 64 - 8 * size >> 64 - 8 * size : unsigned
        }

        private void number(Memory memory, long at, Object value) {
            size == 1 ? memory.u8(at, value) : size == 2 ? memory.u16(at, value) : memory.u32(at, value)
        }

        @Override
        String toString() { "${kind} ${name}${count == 0 ? '' : "[${count}]"}" }
    }

    private final String name
    final Map<String, Field> fields = [:]
    private int end
    private int alignment = 1

    StructBlock(String name) {
        this.name = name
    }

    /** Size with padding at the end. */
    int getBytes() { aligned(alignment) }

    private int aligned(int to) { end + to - 1 & -to }

    private void add(String kind, int size, String field, int count, boolean array) {
        if (fields.containsKey(field)) {
            throw new ScriptFailure("struct ${name}: there is a field ${field} already")
        }
        if (array && count < 1 || (long) size * count > MOST_BYTES) {
            throw new ScriptFailure("struct ${name}: ${count} of ${field}: can be 1 to ${MOST_BYTES.intdiv(size)}")
        }
        fields[field] = new Field(field, kind, size, array ? count : 0, aligned(size))
        alignment = Math.max(alignment, size)
        end = aligned(size) + size * (array ? count : 1)
    }

    @Override
    void u8(String field) { add('u8', 1, field, 1, false) }

    @Override
    void u8(String field, int count) { add('u8', 1, field, count, true) }

    @Override
    void u16(String field) { add('u16', 2, field, 1, false) }

    @Override
    void u16(String field, int count) { add('u16', 2, field, count, true) }

    @Override
    void u32(String field) { add('u32', 4, field, 1, false) }

    @Override
    void u32(String field, int count) { add('u32', 4, field, count, true) }

    @Override
    void s8(String field) { add('s8', 1, field, 1, false) }

    @Override
    void s8(String field, int count) { add('s8', 1, field, count, true) }

    @Override
    void s16(String field) { add('s16', 2, field, 1, false) }

    @Override
    void s16(String field, int count) { add('s16', 2, field, count, true) }

    @Override
    void s32(String field) { add('s32', 4, field, 1, false) }

    @Override
    void s32(String field, int count) { add('s32', 4, field, count, true) }

    @Override
    void text(String field, int bytes) { add('text', 1, field, bytes, true) }

    @Override
    void cstring(String field) { add('cstring', 4, field, 1, false) }

    @Override
    void skip(int bytes) {
        if (bytes < 0 || bytes > MOST_BYTES) {
            throw new ScriptFailure("struct ${name}: skip ${bytes}: can be 0 to ${MOST_BYTES}")
        }
        end += bytes
    }
}
