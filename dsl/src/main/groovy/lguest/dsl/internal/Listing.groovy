package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.isa.Decoder
import lguest.isa.Disassembler
import lguest.isa.Insn
import lguest.cpu.Segment
import lguest.machine.Guest

/** Disassembled instructions; prints as a listing. */
@CompileStatic
final class Listing extends AbstractList<Listing.Line> {
    /** One instruction. */
    @CompileStatic
    static final class Line {
        final long address
        final byte[] bytes
        final String text
        /** The symbol right here or before, null if there is none. */
        final String symbol

        Line(long address, byte[] bytes, String text, String symbol) {
            this.address = address
            this.bytes = bytes
            this.text = text
            this.symbol = symbol
        }

        @Override
        String toString() {
            String.format('%08x  %-24s %s', address, bytes.collect { String.format('%02x', it) }.join(' '), text)
        }
    }

    private final List<Line> lines
    private final List<Insn> insns

    private Listing(List<Line> lines, List<Insn> insns) {
        this.lines = lines
        this.insns = insns
    }

    /** The same as the GNU assembler writes it: {@code movl $0x2, %eax}. */
    Listing getAtt() {
        new Listing(lines.indexed().collect { int i, Line it ->
            new Line(it.address, it.bytes, insns[i] == null ? it.text : Disassembler.att(insns[i], (int) it.address), it.symbol)
        }, insns)
    }

    static Listing of(Guest guest, int first, int count) {
        boolean code32 = guest.cpu().segments[Segment.CS].big()
        List<Line> lines = []
        List<Insn> insns = []
        byte[] bytes = new byte[Decoder.MAX_LENGTH + 1]
        int at = first
        for (int i = 0; i < count; i++) {
            int got = guest.readLinear(at, bytes)
            int taken = 0
            Insn insn
            try {
                insn = Decoder.decode({ ->
                    if (taken == got) {
                        throw new NoSuchElementException()
                    }
                    bytes[taken++] & 0xFF
                }, code32)
            } catch (NoSuchElementException unmapped) {
                lines << new Line(at & 0xFFFFFFFFL, Arrays.copyOf(bytes, got), '(not mapped)', null)
                break
            }
            String symbol = guest.symbols().at(at).map { it.toString() }.orElse(null)
            insns << insn
            lines << new Line(at & 0xFFFFFFFFL, Arrays.copyOf(bytes, insn.length()), Disassembler.intel(insn, at), symbol)
            at += insn.length()
        }
        new Listing(lines, insns)
    }

    @Override
    Line get(int index) { lines[index] }

    @Override
    int size() { lines.size() }

    @Override
    String toString() {
        StringBuilder out = new StringBuilder()
        lines.eachWithIndex { Line line, int i ->
            if (line.symbol != null && (i == 0 || !line.symbol.contains('+'))) {
                out.append("${line.symbol}:\n")
            }
            out.append("${line}\n")
        }
        out.toString()
    }
}
