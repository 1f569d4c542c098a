package lguest.sem

import static lguest.sem.IntegerCase.BASED
import static lguest.sem.IntegerCase.DATA
import static lguest.sem.IntegerCase.DATA_BYTES
import static lguest.sem.IntegerCase.EXPAND_DOWN
import static lguest.sem.IntegerCase.FLAT
import static lguest.sem.IntegerCase.FLAT_CODE
import static lguest.sem.IntegerCase.READ_ONLY

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.cpu.Eflags
import lguest.cpu.Segment
import lguest.cpu.Vector
import lguest.isa.OperandForm
import lguest.isa.OperandForm.Place
import lguest.isa.Row
import lguest.isa.Size

/**
 * Cases of a row: every operand form, prefixes that mean something to it and some that do not, values near the limits of their
 * types. Most memory operands lie in the data, wherever the address takes its parts from; some reach beyond.
 */
@CompileStatic
class IntegerRandom {
    private static final int EAX = 0
    private static final int ECX = 1
    private static final int EDX = 2
    private static final int EBX = 3
    private static final int ESP = 4
    private static final int EBP = 5
    private static final int ESI = 6
    private static final int EDI = 7
    private static final int[] BASE16 = [3, 3, 5, 5, 6, 7, 5, 3]
    private static final int[] INDEX16 = [6, 7, 6, 7, -1, -1, -1, -1]

    private static final int[] INTERESTING = [
        0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 63, 64, 0x7E, 0x7F, 0x80, 0x81, 0x99, 0x9A, 0xFE, 0xFF, 0x100, 0x7FFE, 0x7FFF,
        0x8000, 0x8001, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFF8000, 0xFFFFFF80,
        0xFFFFFFFE, 0xFFFFFFFF
    ].collect { it as int } as int[]
    /** By prefix: ES CS SS DS FS GS. */
    private static final int[] OVERRIDES = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65]
    /** What a program may try to load. Left out are the 64-bit code segment and what else Linux has for programs. */
    private static final int[] SELECTORS = [
        FLAT_CODE, FLAT, BASED, EXPAND_DOWN, READ_ONLY, FLAT_CODE & ~3, FLAT & ~3, FLAT & ~2, BASED & ~3, 0, 1, 3, 7, 0x0F, 0x10, 0x1B,
        0x40, 0x43, 0x50, 0x80, 0x83, 0xFFFF
    ]
    /** Semantics whose rows have an operand size without an operand that shows it. */
    private static final String SIZED_ANYWAY = /stack\..*|mov\.c.*|control\..*|far\..*|sys\.p.*|segments\.p.*/
    private static final Map<Row, Boolean> SIZED = [:]
    /** Register or memory. */
    private static final List<Place> EITHER = [Place.E, Place.Q, Place.W]
    private static final List<Place> MODRM = EITHER + [Place.M, Place.R, Place.G, Place.S, Place.C, Place.D, Place.P, Place.N, Place.V, Place.U]
    /** What else SIMD opcodes begin with. */
    private static final Map<String, Integer> MANDATORY = ['66': 0x66, 'F2': 0xF2, 'F3': 0xF3]

    final Random random
    private final ByteArrayOutputStream out = new ByteArrayOutputStream()
    private IntegerCase one
    /** Registers as they will be when the instruction runs. */
    private int[] regs
    /** Single instructions have registers to their taste, those in a sequence take what they find. */
    private boolean free
    private Row row
    private int operandBits
    private int addressBits
    /** Number of the segment register that a prefix named, or -1. */
    private int override
    private boolean locked
    private int modrm
    private int base
    private int index
    private int shift
    private int displacement
    private int displacementBytes
    /** Linear address of the memory operand; only meaningful if there is one. */
    private int linear
    private boolean memory

    IntegerRandom(long seed) {
        random = new Random(seed)
    }

    // ---- cases

    IntegerCase single(Row row) {
        start()
        free = true
        instruction(row)
        one
    }

    /**
     * Instructions one after the other. Each sees what the ones before it left behind, so that memory operands can be aimed.
     *
     * @param bench null-safe answers for what there is so far
     */
    IntegerCase sequence(List<Row> rows, IntegerBench bench) {
        start()
        free = false
        for (Row row : rows) {
            IntegerCase before = one.first(one.rows.size())
            IntegerAnswer now = bench.run(before)
            if (now == null || now.trap != Vector.BP || now.eip != before.eip + before.code.length + 1) {
                return before
            }
            regs = now.regs
            this.row = row
            if (row.semantics().startsWith('strings.')) {
                aimStrings()
            }
            instruction(row)
        }
        one
    }

    /** A sequence of three instructions or more. @param more how many lengths there are */
    IntegerCase sequenceOf(List<Row> rows, int more, IntegerBench bench) {
        sequence((0..<3 + random.nextInt(more)).collect { rows[random.nextInt(rows.size())] }, bench)
    }

    private void start() {
        one = new IntegerCase()
        if (random.nextInt(12) == 0) {
            // Across the two pages, or up to the end of the second and beyond.
            one.eip = IntegerCase.CODE + (random.nextInt(4) == 0 ? 0x2000 : 0x1000) - 1 - random.nextInt(16)
        }
        one.eflags = (random.nextInt() & Eflags.STATUS) | (random.nextInt(3) == 0 ? Eflags.DF : 0)
        segments()
        regs = one.regs
        for (int i = 0; i < 8; i++) {
            regs[i] = value()
        }
        regs[ESP] = stackOffset()
        for (int i = 0; i < IntegerCase.PATCHES; i++) {
            patch(i, DATA + random.nextInt(DATA_BYTES), value(), value(), value(), value())
        }
    }

    private void segments() {
        int choice = random.nextInt(20)
        int[] few = [FLAT, BASED, EXPAND_DOWN, READ_ONLY, FLAT_CODE, 0] as int[]
        int fs = pick(few)
        int gs = pick(few)
        if (choice < 13) {
            one.segments = [FLAT, FLAT, FLAT, random.nextInt(2) == 0 ? BASED : fs, random.nextInt(2) == 0 ? EXPAND_DOWN : gs] as int[]
        } else if (choice < 16) {
            one.segments = [BASED, FLAT, BASED, fs, gs] as int[]
        } else if (choice < 18) {
            one.segments = [BASED, BASED, BASED, fs, gs] as int[]
        } else {
            one.segments = [pick(few), random.nextBoolean() ? FLAT : EXPAND_DOWN, pick(few), fs, gs] as int[]
        }
    }

    private int stackOffset() {
        int base = one.segments[1] == FLAT ? DATA : 0
        int offset
        switch (random.nextInt(24)) {
            case 0: offset = random.nextInt(64); break
            case 1: offset = DATA_BYTES - random.nextInt(64); break
            case 2: offset = (8 + random.nextInt(8) << 12) + random.nextInt(32) - 16; break
            case 3: offset = 0x9000 + random.nextInt(0x5000); break
            default: offset = 0x9000 + 4 * random.nextInt(0x1400)
        }
        base + offset
    }

    // ---- one instruction

    private void instruction(Row row) {
        this.row = row
        one.rows << row
        out.reset()
        memory = has(Place.M) || EITHER.any { has(it) } && random.nextBoolean()
        operandBits = addressBits = 32
        override = -1
        modrm = -1
        prefixes()
        opcode()
        if (memory || has(Place.O)) {
            linear = segmentBase(effectiveSegment()) + effectiveAddress()
        }
        if (free) {
            operands()
        }
        for (OperandForm form : row.operands()) {
            immediate(form)
        }
        byte[] bytes = out.toByteArray()
        one.shapes << shape()
        one.code = concatenate(one.code, bytes)
        one.starts << one.code.length
        if (free && has(Place.J)) {
            aimJump(bytes)
        } else if (has(Place.J)) {
            aimJumpInSequence(bytes)
        }
    }

    /** Which of its forms the instruction has. */
    private String shape() {
        String place = memory ? 'memory' : EITHER.any { has(it) } ? 'register' : '-'
        sized() ? "$place $operandBits" : place
    }

    private void prefixes() {
        boolean addressed = memory || has(Place.O) || has(Place.X) || has(Place.Y) || row.form() == 'XLAT'
        boolean string = has(Place.X) || has(Place.Y)
        List<Integer> prefixes = []
        locked = row.lock() && memory ? random.nextInt(5) == 0 : free && random.nextInt(100) == 0
        if (locked) {
            prefixes << 0xF0
        }
        boolean twoBytes = row.op().contains('0F ')
        if (string ? random.nextBoolean() : !locked && !twoBytes && random.nextInt(80) == 0) {
            prefixes << (random.nextBoolean() ? 0xF3 : 0xF2)
        }
        boolean simd = IntegerRows.simd(row)
        if (!simd && random.nextInt(sized() ? 3 : 30) == 0) {
            prefixes << 0x66
            operandBits = 16
        }
        boolean counted = row.semantics().startsWith('control.loop') || row.semantics() == 'control.jcxz'
        int oneIn = counted ? 3 : !addressed ? 60 : free || one.segments[0] == BASED ? 5 : 40
        if (random.nextInt(oneIn) == 0) {
            prefixes << 0x67
            addressBits = 16
        }
        if (random.nextInt(addressed ? 5 : 60) == 0) {
            override = random.nextInt(6)
            prefixes << OVERRIDES[override]
            if (random.nextInt(20) == 0) {
                // The last one counts.
                prefixes.add(0, OVERRIDES[random.nextInt(6)])
            }
        }
        if (prefixes.size() > 1 && random.nextInt(4) == 0) {
            int last = prefixes.removeAt(prefixes.size() - 1)
            prefixes.add(0, last)
            override = lastOverride(prefixes)
        }
        if (free && random.nextInt(200) == 0) {
            // Up to 15 bytes are an instruction.
            int count = 8 + random.nextInt(6)
            count.times { prefixes.add(0, 0x3E) }
            override = lastOverride(prefixes)
        }
        Integer mandatory = MANDATORY[row.op().take(2)]
        if (simd && mandatory != null) {
            prefixes.add(random.nextInt(prefixes.size() + 1), mandatory)
        }
        prefixes.each { int it -> out.write(it) }
    }

    private static int lastOverride(List<Integer> prefixes) {
        int last = -1
        for (int prefix : prefixes) {
            int number = OVERRIDES.toList().indexOf(prefix)
            last = number >= 0 ? number : last
        }
        last
    }

    /** Whether the operand size makes a difference. */
    private boolean sized() {
        SIZED.computeIfAbsent(row) { Row it ->
            it.operands().any { it.size() in [Size.V, Size.P, Size.A] } || it.semantics() ==~ SIZED_ANYWAY
        }
    }

    private boolean has(Place place) {
        row.operands().any { it.place() == place }
    }

    private void opcode() {
        String op = row.op()
        int at = IntegerRows.simd(row) ? 3 : 0
        if (op.startsWith('0F ', at)) {
            out.write(0x0F)
            at += 3
        }
        int first = Integer.parseInt(op.substring(at, at + 2), 16)
        String rest = op.substring(at + 2)
        if (rest ==~ / [0-9A-F]{2}\+/) {
            // Fences: the modrm byte is a part of the opcode.
            out.write(first)
            out.write(Integer.parseInt(rest.substring(1, 3), 16) + random.nextInt(8))
            return
        }
        int low = rest == 'cc' ? random.nextInt(16) : rest == '+' ? random.nextInt(8) : 0
        out.write(first + low)
        if (rest == '+') {
            modrm = low
        }
        boolean needsModrm = row.operands().any { it.place() in MODRM }
        if (rest.startsWith(' /') || needsModrm) {
            int reg = rest.startsWith(' /') ? Integer.parseInt(rest.substring(2)) : random.nextInt(8)
            modrm = (memory ? random.nextInt(3) : 3) << 6 | reg << 3 | random.nextInt(8)
            if (memory) {
                addressing(reg)
            }
            out.write(modrm)
            if (memory && addressBits == 32 && (modrm & 7) == ESP) {
                out.write((shift << 6) | (index < 0 ? ESP : index) << 3 | (base < 0 ? EBP : base))
            }
            if (memory) {
                number(displacement, 8 * displacementBytes)
            }
        } else if (has(Place.O)) {
            base = index = -1
            shift = 0
            displacement = value()
            displacementBytes = addressBits >> 3
            aim()
        }
    }

    /** Chooses the parts of an address. */
    private void addressing(int reg) {
        int rm = modrm & 7
        if (!free && random.nextInt(8) != 0) {
            // A displacement that can be aimed.
            modrm = random.nextInt(3) == 0 ? reg << 3 | EBP : 0x80 | reg << 3 | rm
        }
        int mod = modrm >> 6
        rm = modrm & 7
        index = -1
        shift = 0
        if (addressBits == 16) {
            base = BASE16[rm]
            index = INDEX16[rm]
            boolean absolute = mod == 0 && rm == 6
            base = absolute ? -1 : base
            displacementBytes = absolute || mod == 2 ? 2 : mod
        } else {
            base = rm
            if (rm == ESP) {
                base = random.nextInt(8)
                index = random.nextInt(8)
                index = index == ESP ? -1 : index
                shift = random.nextInt(4)
            }
            boolean absolute = mod == 0 && base == EBP
            base = absolute ? -1 : base
            displacementBytes = absolute || mod == 2 ? 4 : mod
        }
        int value = value()
        displacement = displacementBytes == 1 ? (byte) value : displacementBytes == 2 ? (short) value : displacementBytes == 4 ? value : 0
        aim()
    }

    /** Changes the displacement or the base register so that the address becomes a chosen one, if that is possible. */
    private void aim() {
        if (addressBits == 16) {
            return
        }
        int distance = wanted(effectiveSegment()) - effectiveAddress()
        if (displacementBytes == 4) {
            displacement += distance
        } else if (free && base >= 0 && base != index) {
            regs[base] += distance
        }
    }

    /** An offset into a segment. */
    private int wanted(int segment) {
        int offset
        switch (random.nextInt(20)) {
            case 0: offset = (random.nextInt(17) << 12) - random.nextInt(8); break
            case 1: offset = random.nextInt(16) - 8; break
            case 2: offset = DATA_BYTES - random.nextInt(16); break
            case 3: offset = free && random.nextInt(4) == 0 ? value() : random.nextInt(DATA_BYTES); break
            case 4: case 5: case 6: offset = random.nextInt(DATA_BYTES); break
            default: offset = random.nextInt(DATA_BYTES) & ~7
        }
        if (locked || row.semantics() == 'mov.xchg') {
            // A lock across two cache lines stops the whole machine.
            offset &= ~7
        }
        if (IntegerRows.simd(row) && random.nextInt(8) != 0) {
            offset &= ~15
        }
        if (one.segments[4] == EXPAND_DOWN && segment == Segment.GS && random.nextInt(4) != 0) {
            offset |= 0x8000
        }
        offset + (flat(segment) ? DATA : 0)
    }

    private int effectiveAddress() {
        int address = displacement + (base < 0 ? 0 : regs[base]) + (index < 0 ? 0 : regs[index] << shift)
        addressBits == 16 ? address & 0xFFFF : address
    }

    private int effectiveSegment() {
        if (override >= 0) {
            return override
        }
        boolean stack = base == EBP || base == ESP && addressBits == 32
        stack ? Segment.SS : Segment.DS
    }

    private int selector(int segment) {
        segment == Segment.CS ? FLAT_CODE : one.segments[segment > Segment.CS ? segment - 1 : segment]
    }

    private boolean flat(int segment) {
        selector(segment) in [FLAT, FLAT_CODE]
    }

    private int segmentBase(int segment) {
        flat(segment) ? 0 : DATA
    }

    // ---- operands that some rows want

    private void operands() {
        String semantics = row.semantics()
        String method = semantics.substring(semantics.indexOf('.') + 1)
        if (memory) {
            patch(0, linear, value(), value(), value(), value())
        }
        if (IntegerRows.simd(row)) {
            vectors()
        }
        if (semantics.startsWith('strings.') || semantics.startsWith('ports.')) {
            strings()
        } else if (semantics.startsWith('segments.') || semantics.startsWith('far.')) {
            selectors(method)
        } else if (semantics.startsWith('control.')) {
            control(method)
        } else if (semantics.startsWith('bits.') && memory && has(Place.G) && random.nextInt(8) != 0) {
            int g = modrm >> 3 & 7
            if (g != base && g != index) {
                regs[g] = random.nextInt(0x4000) - 0x2000
            }
        }
        switch (semantics) {
            case 'muldiv.div': case 'muldiv.idiv': dividend(); break
            case 'sys.bound': patch(0, linear, value() >> 1, value() >>> 1, value(), value()); break
            case 'sys.popf': top(value() & ~(Eflags.TF | Eflags.AC), value() & ~(Eflags.TF | Eflags.AC), 0, 0); break
            case 'stack.enter': regs[EBP] = wanted(Segment.SS); break
            case 'stack.leave':
                regs[EBP] = wanted(Segment.SS)
                regs[ESP] = random.nextBoolean() ? value() : regs[ESP]
                break
            case 'mov.xlat': regs[EBX] = wanted(override < 0 ? Segment.DS : override); break
            case 'alu.cmpxchg': case 'alu.cmpxchg8b': equalOperands(); break
        }
    }

    /** Registers and memory hold elements of the row's kind; some are much alike. */
    private void vectors() {
        VectorRandom elements = new VectorRandom(random, row)
        elements.fill(one.vectors)
        if (memory) {
            long low = elements.quadword()
            long high = elements.quadword()
            patch(0, linear, (int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32))
        } else if (row.operands().any { it.place() in [Place.E, Place.R] } && random.nextBoolean()) {
            regs[modrm & 7] = (int) elements.quadword()
        }
        if (row.semantics() == 'packed.maskmovq') {
            regs[EDI] = wanted(override < 0 ? Segment.DS : override)
        } else if (row.semantics() == 'x87.fxrstor') {
            patch(1, linear + 24, random.nextInt(20) == 0 ? value() : random.nextInt(0x10000), value(), value(), value())
        } else if (row.semantics() == 'sse.ldmxcsr') {
            patch(0, linear, random.nextInt(20) == 0 ? value() : random.nextInt(0x10000), value(), value(), value())
        }
    }

    private void strings() {
        int source = override < 0 ? Segment.DS : override
        regs[ESI] = wanted(source)
        regs[EDI] = wanted(Segment.ES)
        if (random.nextInt(3) == 0) {
            regs[EDI] = regs[ESI] + random.nextInt(40) - 20
        }
        regs[ECX] = random.nextInt(12) == 0 ? random.nextInt(0x1800) : random.nextInt(40)
        if (addressBits == 16) {
            regs[ECX] |= value() << 16
            // What is left as it is would be a good address, were it not for its size.
            int garbled = random.nextInt(4)
            regs[ESI] ^= (garbled & 1) != 0 ? value() << 16 : 0
            regs[EDI] ^= (garbled & 2) != 0 ? value() << 16 : 0
        }
        if (random.nextInt(4) == 0) {
            regs[EAX] = 0
        }
    }

    /** Before a string instruction in a sequence. */
    private void aimStrings() {
        load(ESI, wanted(Segment.DS))
        load(EDI, wanted(Segment.ES))
        load(ECX, random.nextInt(30))
    }

    private void load(int register, int value) {
        out.reset()
        out.write(0xB8 + register)
        number(value, 32)
        one.rows << IntegerRows.MOV_IMMEDIATE
        one.code = concatenate(one.code, out.toByteArray())
        one.starts << one.code.length
        regs[register] = value
    }

    private void selectors(String method) {
        int selector = pick(SELECTORS)
        int good = random.nextInt(3) == 0 ? selector : FLAT_CODE
        int to = target()
        switch (method) {
            case 'ret': case 'retImmediate': case 'iret':
                int flags = value() & ~(Eflags.TF | Eflags.AC | Eflags.VM)
                if (operandBits == 32) {
                    top(to, good, flags, value())
                } else {
                    top(to & 0xFFFF | good << 16, flags, value(), value())
                }
                break
            case 'callMemory': case 'jmpMemory':
                farPointer(to, good)
                break
            case 'les': case 'lds': case 'lss': case 'lfs': case 'lgs':
                farPointer(value(), selector)
                break
            case 'pop':
                top(selector | value() << 16, value(), value(), value())
                break
            case 'arpl': case 'push': case 'call': case 'jmp': case 'selector':
                break
            default:
                // The selector is in E.
                if (memory) {
                    patch(0, linear, selector | value() << 16, value(), value(), value())
                } else {
                    regs[modrm & 7] = selector | value() << 16
                }
        }
    }

    private void farPointer(int offset, int selector) {
        if (operandBits == 32) {
            patch(0, linear, offset, selector, value(), value())
        } else {
            patch(0, linear, offset & 0xFFFF | selector << 16, value(), value(), value())
        }
    }

    private void control(String method) {
        if (has(Place.E)) {
            if (memory) {
                patch(0, linear, target(), value(), value(), value())
            } else if ((modrm & 7) != ESP) {
                regs[modrm & 7] = target()
            }
        } else if (method == 'ret' || method == 'retImmediate') {
            top(target(), value(), value(), value())
        } else if (random.nextBoolean()) {
            regs[ECX] = random.nextInt(3) | (random.nextBoolean() ? value() << 16 : 0)
        }
    }

    /** Where to jump: mostly INT3, never into the code itself. */
    private int target() {
        switch (random.nextInt(16)) {
            case 0: return IntegerCase.CODE + 0x2000 + random.nextInt(16)
            case 1: return random.nextInt(0x10000)
            case 2: return IntegerCase.CODE - 1 - random.nextInt(16)
            default: return IntegerCase.CODE + random.nextInt(0x700)
        }
    }

    /** Quotients of all sizes, many of them the largest or smallest that fits, or one more. */
    private void dividend() {
        int bits = row.operands()[0].size().bits(operandBits)
        boolean signed = row.semantics() == 'muldiv.idiv'
        if (random.nextInt(3) == 0) {
            int operand = memory ? ByteBuffer.wrap(one.patches[0]).order(ByteOrder.LITTLE_ENDIAN).getInt() : regs[modrm & 7]
            long divisor = signed ? Flags.signed(operand, bits) : Integer.toUnsignedLong(Flags.cut(operand, bits))
            long limit = signed ? (-1L << bits - 1) ^ -random.nextInt(2) : ~(-1L << bits)
            long dividend = (limit + random.nextInt(3) - 1) * divisor + (divisor == 0 ? 0 : random.nextLong() % divisor)
            regs[EAX] = bits == 8 ? (regs[EAX] & ~0xFFFF) | (int) dividend & 0xFFFF : (int) dividend
            regs[EDX] = bits == 8 ? regs[EDX] : (int) (dividend >> bits)
        } else if (random.nextInt(4) != 0) {
            regs[EDX] = random.nextInt(3) == 0 ? value() >> 31 : value() >>> random.nextInt(32)
            regs[EAX] = random.nextBoolean() ? regs[EAX] & 0xFFFF : regs[EAX] >> random.nextInt(32)
        }
    }

    private void equalOperands() {
        if (random.nextBoolean()) {
            return
        }
        if (!memory) {
            regs[EAX] = regs[modrm & 7]
        } else if (row.semantics() == 'alu.cmpxchg') {
            patch(0, linear, regs[EAX], value(), value(), value())
        } else {
            patch(0, linear, regs[EAX], regs[EDX], value(), value())
        }
    }

    /** What lies on top of the stack. */
    private void top(int a, int b, int c, int d) {
        patch(1, segmentBase(Segment.SS) + regs[ESP], a, b, c, d)
    }

    private void patch(int number, int linear, int... words) {
        int at = linear - DATA
        if (at < 0 || at > DATA_BYTES - IntegerCase.PATCH_BYTES) {
            return
        }
        one.patchAt[number] = at
        for (int i = 0; i < IntegerCase.PATCH_BYTES; i++) {
            one.patches[number][i] = (byte) (words[i >> 2] >>> 8 * (i & 3))
        }
    }

    // ---- immediates and jumps

    private void immediate(OperandForm form) {
        switch (form.place()) {
            case Place.I:
                number(immediateValue(), form.size().bits(operandBits))
                break
            case Place.J:
                number(0, form.size().bits(operandBits))
                break
            case Place.O:
                number(displacement, addressBits)
                break
            case Place.A:
                number(target(), operandBits)
                number(random.nextInt(3) == 0 ? pick(SELECTORS) : FLAT_CODE, 16)
        }
    }

    private int immediateValue() {
        if (row.semantics() == 'sys.interrupt') {
            // Not the system call, which would be one.
            int vector = random.nextInt(256)
            return vector == 0x80 ? 3 : vector
        }
        row.semantics() == 'stack.enter' && random.nextInt(3) != 0 ? random.nextInt(0x400) : value()
    }

    /** Rewrites the displacement, which ends the instruction, so that the jump misses the instruction itself. */
    private void aimJump(byte[] bytes) {
        int width = row.operands()[0].size().bits(operandBits) >> 3
        int next = one.eip + one.code.length
        int distance
        switch (random.nextInt(4)) {
            case 0: distance = 0; break
            case 1: distance = random.nextInt(0x80); break
            case 2: distance = width == 1 ? -bytes.length - 1 - random.nextInt(0x70) : target() - next; break
            default: distance = width == 1 ? 0x7F - random.nextInt(8) : target() - next
        }
        displace(distance, width)
    }

    /** To the next instruction, to one before, or out of the sequence. */
    private void aimJumpInSequence(byte[] bytes) {
        int width = row.operands()[0].size().bits(operandBits) >> 3
        int distance = 0
        switch (random.nextInt(6)) {
            case 0: distance = one.starts[random.nextInt(one.starts.size() - 1)] - one.code.length; break
            case 1: distance = width == 1 ? -one.code.length - 1 - random.nextInt(8) : -0x200; break
        }
        displace(distance, width)
    }

    private void displace(int distance, int width) {
        int at = one.code.length - width
        for (int i = 0; i < width; i++) {
            one.code[at + i] = (byte) (distance >> 8 * i)
        }
    }

    private void number(int value, int bits) {
        for (int i = 0; i < bits; i += 8) {
            out.write(value >> i)
        }
    }

    private static byte[] concatenate(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length)
        System.arraycopy(b, 0, both, a.length, b.length)
        both
    }

    // ---- values

    private int value() {
        switch (random.nextInt(6)) {
            case 0: case 1: return pick(INTERESTING)
            case 2: return random.nextInt(256)
            case 3: return (random.nextInt() & ~0xFFFF) | pick(INTERESTING) & 0xFFFF
            case 4: return (random.nextInt() & ~0xFF) | pick(INTERESTING) & 0xFF
            default: return random.nextInt()
        }
    }

    private int pick(int[] from) {
        from[random.nextInt(from.length)]
    }
}
