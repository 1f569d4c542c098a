package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.Eflags
import lguest.isa.Row
import lguest.isa.Table

/**
 * Loops that run a few times over instructions of which some rewrite others, before or behind them: their immediates,
 * so that whatever becomes of them is an instruction again.
 */
@CompileStatic
class SelfModifyingRandom {
    private static final Map<String, Row> ROWS = Table.rows().collectEntries { [it.op(), it] }
    /** Registers that the loop does not need. */
    private static final int[] FREE = [0, 2, 3, 5, 6, 7]

    private final Random random

    SelfModifyingRandom(Random random) {
        this.random = random
    }

    IntegerCase next() {
        List<Piece> pieces = [new Piece('B8+', bytes(0xB9, 2 + random.nextInt(3), 0, 0, 0))]
        int count = 4 + random.nextInt(6)
        count.times { pieces << (random.nextInt(5) < 2 ? victim() : writer()) }
        pieces << victim()
        Collections.shuffle(pieces.subList(1, pieces.size()), random)
        IntegerCase one = new IntegerCase(eflags: random.nextInt() & Eflags.STATUS)
        one.eip = IntegerCase.CODE + (random.nextInt(3) == 0 ? 0x1000 - random.nextInt(80) : 0x800)
        one.regs = (0..<8).collect { random.nextInt() } as int[]
        one.regs[4] = IntegerCase.DATA + 0x8000
        for (Piece piece : pieces) {
            add(one, piece)
        }
        add(one, new Piece('48+', bytes(0x49)))
        add(one, new Piece('70cc', bytes(0x75, one.starts[1] - one.code.length - 2)))
        aim(one, pieces)
        one
    }

    private void aim(IntegerCase one, List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces[i].addressAt > 0) {
                int wide = pieces[i].needsFour ? 4 : 1
                List<Integer> victims = pieces.indices.findAll { int it -> pieces[it].victims >= wide }
                if (victims.isEmpty()) {
                    // Nothing that takes four bytes: into the data with it.
                    put(one.code, one.starts[i] + pieces[i].addressAt, IntegerCase.DATA + 0x100)
                    continue
                }
                int chosen = victims[random.nextInt(victims.size())]
                int offset = pieces[chosen].victimAt + random.nextInt(pieces[chosen].victims - wide + 1)
                put(one.code, one.starts[i] + pieces[i].addressAt, one.eip + one.starts[chosen] + offset)
            }
        }
    }

    private static void add(IntegerCase one, Piece piece) {
        one.rows << ROWS[piece.op]
        byte[] both = Arrays.copyOf(one.code, one.code.length + piece.code.length)
        System.arraycopy(piece.code, 0, both, one.code.length, piece.code.length)
        one.code = both
        one.starts << both.length
    }

    private static void put(byte[] code, int at, int value) {
        for (int i = 0; i < 4; i++) {
            code[at + i] = (byte) (value >> 8 * i)
        }
    }

    private Piece victim() {
        int r = FREE[random.nextInt(FREE.length)]
        int value = random.nextInt()
        switch (random.nextInt(4)) {
            case 0: return new Piece('83 /0', bytes(0x83, 0xC0 | r, value), 2, 1)
            case 1: return new Piece('B8+', bytes(0xB8 | r, value, value >> 8, value >> 16, value >> 24), 1, 4)
            case 2: return new Piece('81 /6', bytes(0x81, 0xF0 | r, value, value >> 8, value >> 16, value >> 24), 2, 4)
            default: return new Piece('C1 /4', bytes(0xC1, 0xE0 | r, value), 2, 1)
        }
    }

    private Piece writer() {
        int value = random.nextInt()
        switch (random.nextInt(8)) {
            case 0: return new Piece('80 /0', bytes(0x80, 0x05, 0, 0, 0, 0, value), 6, 1, 2)
            case 1: return new Piece('C6 /0', bytes(0xC6, 0x05, 0, 0, 0, 0, value), 6, 1, 2)
            case 2: return new Piece('88', bytes(0x88, 0x05 | random.nextInt(8) << 3, 0, 0, 0, 0), 0, 0, 2)
            case 3: return new Piece('A2', bytes(0xA2, 0, 0, 0, 0), 0, 0, 1)
            case 4: return new Piece('FE /0', bytes(0xFE, 0x05, 0, 0, 0, 0), 0, 0, 2)
            case 5: return new Piece('0F C0', bytes(0x0F, 0xC0, 0x05 | (random.nextBoolean() ? 0x10 : 0x38), 0, 0, 0, 0), 0, 0, 3)
            case 6: return new Piece('89', bytes(0x89, 0x05 | FREE[random.nextInt(FREE.length)] << 3, 0, 0, 0, 0), 0, 0, 2, true)
            default: return new Piece('81 /0', bytes(0x81, 0x05, 0, 0, 0, 0, value, value >> 8, value >> 16, value >> 24), 6, 4, 2, true)
        }
    }

    private static byte[] bytes(int... values) {
        values as byte[]
    }

    /** An instruction, where it may be written to, and where it holds the address that it writes to. */
    private static final class Piece {
        final String op
        final byte[] code
        final int victimAt
        final int victims
        final int addressAt
        final boolean needsFour

        Piece(String op, byte[] code, int victimAt = 0, int victims = 0, int addressAt = 0, boolean needsFour = false) {
            this.op = op
            this.code = code
            this.victimAt = victimAt
            this.victims = victims
            this.addressAt = addressAt
            this.needsFour = needsFour
        }
    }
}
