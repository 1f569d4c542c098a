package lguest.sem

import groovy.transform.CompileStatic

/** One row of x87.tsv as the x87 specs use it: bytes that encode it and the method it names. */
@CompileStatic
class X87Row {
    String op
    String form
    String method
    int first
    int second
    boolean stack
    int memoryBits

    static List<X87Row> all() {
        X87Row.getResourceAsStream('/lguest/isa/x87.tsv').readLines('UTF-8')
            .findAll { String it -> it && !it.startsWith('#') }
            .collect { String it -> parse(it) }
    }

    private static X87Row parse(String line) {
        String[] columns = line.split('\t')
        String[] op = columns[0].split(' ')
        boolean memory = op[1].startsWith('/')
        int second = memory
            ? Integer.parseInt(op[1].substring(1)) << 3 | 1
            : Integer.parseInt(op[1].replace('+', ''), 16)
        int width = [M: 16, w: 16, d: 32, q: 64, t: 80].getOrDefault(columns[1][-1], 0)
        new X87Row(op: columns[0], form: columns[1], method: columns[2].substring('x87.'.length()),
            first: Integer.parseInt(op[0], 16), second: second, stack: op[1].endsWith('+'),
            memoryBits: memory ? width : 0)
    }

    /** Arithmetic, comparisons and conversions: what must be the same to the bit, whoever made the processor. */
    boolean computes() {
        method ==~ /fi?(add|sub|mul|div|com).*|fu?com.*|ftst|fxam|fsqrt|fprem1?|fscale|fxtract|frndint/ ||
            hasMemory() && method ==~ /f[ib]?(ld|st)p?(M|M80)?/
    }

    boolean hasMemory() {
        memoryBits != 0
    }

    /** The instruction's bytes; memory is addressed by ECX alone. */
    byte[] code(int sti, int operandBits) {
        int modrm = stack ? second + sti : second
        operandBits == 16 && form.endsWith(' M') ? [0x66, first, modrm] as byte[] : [first, modrm] as byte[]
    }

    String toString() {
        "$op $form"
    }
}
