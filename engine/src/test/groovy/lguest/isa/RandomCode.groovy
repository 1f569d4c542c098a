package lguest.isa

import groovy.transform.CompileStatic

/** Encodings of a row with everything that the row leaves open chosen at random. */
@CompileStatic
class RandomCode {
    private static final int[] OVERRIDES = [0x26, 0x2E, 0x36, 0x64, 0x65, 0x3E]
    private static final int EBP = 5
    private static final int ESP = 4

    final Random random
    final boolean code32
    private final ByteArrayOutputStream out = new ByteArrayOutputStream()
    private int operandBits
    private int addressBits

    RandomCode(long seed, boolean code32) {
        random = new Random(seed)
        this.code32 = code32
    }

    /** Bytes that decode to the row, with some of the prefixes that mean something to it. */
    byte[] encode(Row row) {
        out.reset()
        boolean memory = has(row, 'M') || ['E', 'Q', 'W'].any { has(row, it) } && random.nextBoolean()
        operandBits = addressBits = code32 ? 32 : 16
        if (row.lock() && memory && random.nextInt(4) == 0) {
            out.write(0xF0)
        }
        if (row.semantics().startsWith('strings.') && random.nextInt(3) == 0) {
            out.write(random.nextBoolean() ? 0xF3 : 0xF2)
        }
        if (mayChangeOperandSize(row) && random.nextInt(4) == 0) {
            out.write(0x66)
            operandBits = 48 - operandBits
        }
        if ((memory || has(row, 'X') || has(row, 'Y')) && random.nextInt(6) == 0) {
            out.write(0x67)
            addressBits = 48 - addressBits
        }
        if ((memory || has(row, 'X')) && random.nextInt(6) == 0) {
            // DS before an indirect branch came to mean NOTRACK.
            out.write(OVERRIDES[random.nextInt(row.semantics().startsWith('control.') ? 5 : 6)])
        }
        if (row.prefixed()) {
            out.write(Integer.parseInt(row.op().substring(0, 2), 16))
        }
        opcode(row, memory)
        row.operands().each { immediate(it) }
        out.toByteArray()
    }

    private boolean mayChangeOperandSize(Row row) {
        boolean sensitive = row.operands().any { it.size() in [Size.V, Size.P, Size.A] }
        // Beside short jumps the prefix cuts EIP, which assemblers do not expect; in the two-byte map it selects other instructions.
        sensitive || !row.op().contains('0F ') && !has(row, 'J')
    }

    private static boolean has(Row row, String place) {
        row.operands().any { it.place().name() == place }
    }

    private void opcode(Row row, boolean memory) {
        String op = row.op()
        int at = 0
        if (op.contains('0F ')) {
            out.write(0x0F)
            at = op.indexOf('0F ') + 3
        }
        int first = Integer.parseInt(op.substring(at, at + 2), 16)
        String rest = op.substring(at + 2)
        out.write(first + (rest == 'cc' ? random.nextInt(16) : rest == '+' ? random.nextInt(8) : 0))
        if (rest.startsWith(' /')) {
            modrm(row, memory, Integer.parseInt(rest.substring(2)))
        } else if (rest.startsWith(' ')) {
            int low = rest.endsWith('+') ? random.nextInt(8) : 0
            out.write(Integer.parseInt(rest.substring(1, 3), 16) + low)
        } else if (row.operands().any { it.place().name() in ['E', 'M', 'R', 'G', 'S', 'C', 'D', 'P', 'Q', 'N', 'V', 'W', 'U'] }) {
            modrm(row, memory, random.nextInt(has(row, 'S') ? 6 : 8))
        }
    }

    private void modrm(Row row, boolean memory, int reg) {
        int rm = random.nextInt(8)
        if (!memory) {
            out.write((has(row, 'C') || has(row, 'D') ? random.nextInt(4) : 3) << 6 | reg << 3 | rm)
            return
        }
        int mod = random.nextInt(3)
        out.write(mod << 6 | reg << 3 | rm)
        int base = rm
        if (addressBits == 32 && rm == ESP) {
            int sib = random.nextInt(256)
            out.write(sib)
            base = sib & 7
        }
        boolean absolute = mod == 0 && base == (addressBits == 32 ? EBP : 6)
        if (mod == 1) {
            number(8)
        } else if (mod == 2 || absolute) {
            number(addressBits)
        }
    }

    private void immediate(OperandForm form) {
        switch (form.place().name()) {
            case 'I':
            case 'J':
                number(form.size().bits(operandBits))
                break
            case 'A':
                number(operandBits)
                number(16)
                break
            case 'O':
                number(addressBits)
        }
    }

    private void number(int bits) {
        int value = random.nextInt(5) == 0 ? random.nextInt(3) - 1 : random.nextInt()
        for (int i = 0; i < bits; i += 8) {
            out.write(value >> i)
        }
    }
}
