package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic

/**
 * Pages of generated functions. They compute on what EBP, ESI and EDI point to, loop, call functions with higher numbers, and write to
 * each other; what may be written where is such that code stays code.
 */
@CompileStatic
class Farm {
    static final int PER_PAGE = 9
    /** The last but one of each page is replaced as a whole and in no other way; the last one reaches into the next page. */
    static final int REPLACED = 7
    static final int ACROSS = 8
    private static final int FIRST = 0x80
    private static final int SLOT = 0x1C0
    private static final int MOST = 300
    private static final int HEAD = 0x60
    /** An instruction on two pages is changed as often as so many others. */
    private static final int AS_LIKELY = 6
    static final int VARIANT_BYTES = 0x180
    static final int VARIANTS_EACH = 3
    /** Those before may call through pointers, which lead to those behind. */
    private static final int POINTERS_FROM = 60
    static final int POINTER_COUNT = 64
    /** Functions without calls, to be copied anywhere. */
    static final int LEAF_COUNT = 12
    static final int LEAF_BYTES = 0xC0

    /** Bytes that may be changed. */
    static class Site {
        final int physical
        final String kind
        final int lengthBytes

        Site(int physical, String kind, int lengthBytes = 1) {
            this.physical = physical
            this.kind = kind
            this.lengthBytes = lengthBytes
        }
    }

    private static final int[] REGISTERS = [0, 2, 3]
    private static final int[] POINTER_REGISTERS = [5, 6, 7]
    private static final int[] ALU = [0x01, 0x09, 0x11, 0x19, 0x21, 0x29, 0x31, 0x39, 0x85]

    final List<Site> sites = []
    /** Of each leaf: where it may be changed, from its beginning. */
    final List<List<Site>> leafSites = []
    private final Random random
    private final Assembler out
    private int function
    private boolean open
    private boolean recordsSites = true

    Farm(Random random, Assembler out) {
        this.random = random
        this.out = out
    }

    void build() {
        for (function = 0; function < FARM_PAGES * PER_PAGE; function++) {
            int kind = function % PER_PAGE
            int page = function.intdiv(PER_PAGE)
            if (kind == ACROSS) {
                if (page < FARM_PAGES - 1) {
                    across(start(function))
                }
            } else if (kind == REPLACED) {
                recordsSites = false
                body(start(function), start(function) + MOST)
                VARIANTS_EACH.times { body(variant(page, it), variant(page, it) + VARIANT_BYTES - 0x90) }
                recordsSites = true
            } else {
                body(start(function), start(function) + MOST)
            }
        }
        POINTER_COUNT.times {
            int target = start(POINTERS_FROM + random.nextInt(FARM_PAGES * PER_PAGE - 1 - POINTERS_FROM))
            out.put(POINTERS + 4 * it, window(random, target, true))
        }
        LEAF_COUNT.times { int number -> withoutCalls(leaf(number)) }
        out.at = BYE
        out.emit('CD80')
    }

    /** Physical address of a function. */
    static int start(int function) {
        int page = FARM + function.intdiv(PER_PAGE) * PAGE
        function % PER_PAGE == ACROSS ? page + PAGE - 1 - (function.intdiv(PER_PAGE) & 3) : page + FIRST + (function % PER_PAGE) * SLOT
    }

    static int variant(int page, int number) {
        VARIANTS + (page * VARIANTS_EACH + number) * VARIANT_BYTES
    }

    static int leaf(int number) {
        VARIANTS + FARM_PAGES * VARIANTS_EACH * VARIANT_BYTES + number * LEAF_BYTES
    }

    /** Some linear address of a byte of the farm. */
    static int window(Random random, int physical, boolean user) {
        switch (random.nextInt(user ? 5 : 6)) {
            case 0: return home(physical)
            case 1: return home(physical) - HOME + ALIAS
            case 2: return LARGE + physical
            case 5: return KERNEL + physical
            default: return WINDOW + random.nextInt(FARM_PAGES) * PAGE + (physical & 0xFFF)
        }
    }

    /** A function that can be called: all but one of the last page. */
    static int any(Random random) {
        random.nextInt(4) ? random.nextInt(FARM_PAGES * PER_PAGE - 1) : random.nextInt(FARM_PAGES - 1) * PER_PAGE + ACROSS
    }

    // ---- functions

    /** MOV with its immediate on both pages; there, whatever is cut off becomes NOPs. */
    private void across(int at) {
        out.at = at
        int register = reg()
        AS_LIKELY.times { site('immediate', 4, 1) }
        out.bytes(0xB8 | register).emit('90909090 90909090')
        int end = (at & -PAGE) + PAGE + HEAD
        while (out.at < end - 0x20) {
            item(false)
        }
        close()
    }

    private void withoutCalls(int at) {
        int before = sites.size()
        out.at = at
        (3 + random.nextInt(5)).times { item(false) }
        close()
        def own = sites.subList(before, sites.size())
        leafSites << own.collect { Site it -> new Site(it.physical - at, it.kind, it.lengthBytes) }
        own.clear()
    }

    private void body(int at, int end) {
        out.at = at
        int items = 3 + random.nextInt(12)
        for (int i = 0; i < items && out.at < end; i++) {
            if (random.nextInt(4) == 0) {
                loop()
            } else {
                item(random.nextInt(3) == 0)
            }
        }
        close()
    }

    private void close() {
        out.bytes(0xC3)
    }

    private void loop() {
        out.emit('B9', 1 + random.nextInt(random.nextInt(8) ? 12 : 60))
        int start = out.at
        (1 + random.nextInt(5)).times {
            if (out.at - start < 90) {
                item(false)
            }
        }
        out.bytes(0x49, 0x75, start - out.at - 3)
    }

    private int reg() {
        REGISTERS[random.nextInt(REGISTERS.length)]
    }

    private int pointer() {
        POINTER_REGISTERS[random.nextInt(POINTER_REGISTERS.length)]
    }

    private void site(String kind, int lengthBytes, int distance) {
        if (recordsSites) {
            sites << new Site(out.at + distance, kind, lengthBytes)
        }
    }

    /** ModR/M and displacement of an operand behind a pointer. */
    private void operand(int register) {
        out.bytes(0x40 | register << 3 | pointer(), random.nextInt(256))
    }

    private int immediate() {
        random.nextInt(3) ? random.nextInt() : random.nextInt(16) - 8
    }

    private void item(boolean calls) {
        switch (random.nextInt(calls ? 38 : 33)) {
            case 0: case 1:
                site('immediate', 4, 1)
                out.bytes(0xB8 | reg()).emit('', immediate())
                break
            case 2: case 3:
                site('immediate', 4, 2)
                out.bytes(0x81, 0xC0 | random.nextInt(8) << 3 | reg()).emit('', immediate())
                break
            case 4:
                site('immediate', 1, 2)
                out.bytes(0x83, 0xC0 | random.nextInt(8) << 3 | reg(), random.nextInt(256))
                break
            case 5: case 6:
                site('alu', 1, 0)
                out.bytes(ALU[random.nextInt(ALU.length)], 0xC0 | reg() << 3 | reg())
                break
            case 7: case 8:
                site('increment', 1, 0)
                out.bytes(0x40 | random.nextInt(2) << 3 | reg())
                break
            case 9:
                site('immediate', 1, 2)
                out.bytes(0xC1, 0xC0 | [0, 1, 4, 5, 7][random.nextInt(5)] << 3 | reg(), random.nextInt(40))
                break
            case 10: case 11: case 12:
                out.bytes(0x8B)
                operand(reg())
                break
            case 13: case 14: case 15:
                out.bytes([0x89, 0x88, 0x01, 0x31, 0x29][random.nextInt(5)])
                operand(reg())
                break
            case 16:
                out.bytes(0xFF)
                operand(random.nextInt(2))
                break
            case 17:
                out.bytes(0x0F, [0xB6, 0xB7, 0xBE, 0xBF, 0xAF, 0xC1][random.nextInt(6)])
                operand(reg())
                break
            case 18:
                out.bytes([0x13, 0x1B, 0x03, 0x2B, 0x3B][random.nextInt(5)])
                operand(reg())
                break
            case 19:
                out.bytes(0x0F, 0x90 | random.nextInt(16), 0xC0 | reg())
                break
            case 20:
                out.bytes(0x0F, 0xAF, 0xC0 | reg() << 3 | reg())
                break
            case 21:
                int register = reg()
                out.bytes(0x50 | register).bytes(0x58 | reg())
                break
            case 22:
                out.bytes(0x9C, 0x58 | reg())
                break
            case 23: case 24:
                forward()
                break
            case 25: case 26: case 27:
                write()
                break
            case 28:
                out.bytes(0x0F, 0x31)
                break
            case 29:
                strings()
                break
            case 30:
                out.bytes(0xD9, 0xE8, 0xDE, 0xC1, 0xDD)
                operand(2)
                break
            case 31:
                out.bytes(0x8D)
                operand(reg())
                break
            case 32:
                out.bytes(0x87)
                operand(reg())
                break
            case 33:
                if (function < POINTERS_FROM) {
                    out.emit('FF15', home(POINTERS) + 4 * random.nextInt(POINTER_COUNT))
                }
                break
            default:
                call()
        }
    }

    /** A conditional jump over something. */
    private void forward() {
        site('condition', 1, 0)
        out.bytes(0x70 | random.nextInt(16), 0)
        int from = out.at
        if (!open) {
            open = true
            (1 + random.nextInt(2)).times { item(false) }
            open = false
        }
        int end = out.at
        out.at = from - 1
        out.bytes(end - from)
        out.at = end
    }

    /** Relative, so in another window it leads to what is there. Variants are copies: theirs are relative to where they will be. */
    private void call() {
        int last = FARM_PAGES * PER_PAGE - 2
        int target = Math.min(last, function + 1 + random.nextInt(random.nextInt(3) ? 8 : 60))
        if (target > function) {
            int here = out.at >= VARIANTS ? start(function) + (out.at - VARIANTS) % VARIANT_BYTES : out.at
            out.emit('E8', start(target) - here - 5)
        }
    }

    /** Changes code, mostly some that is near. */
    private void write() {
        if (sites.isEmpty()) {
            return
        }
        Site chosen = random.nextBoolean() ? sites[sites.size() - 1 - random.nextInt(Math.min(sites.size(), 12))]
            : sites[random.nextInt(sites.size())]
        int place = home(chosen.physical) + (random.nextBoolean() ? ALIAS - HOME : 0)
        if (chosen.kind == 'immediate' && random.nextInt(3) == 0) {
            // ADD, SUB or XOR BYTE PTR
            out.bytes(0x80, 0x05 | [0, 5, 6][random.nextInt(3)] << 3).emit('', place).bytes(random.nextInt(256))
            return
        }
        out.store(place, patch(random, chosen))
    }

    /** Bytes that may be written at a site: 1, 2 or 4. */
    static byte[] patch(Random random, Site site) {
        switch (site.kind) {
            case 'increment': return [0x40 | random.nextInt(2) << 3 | REGISTERS[random.nextInt(3)]] as byte[]
            case 'alu': return [ALU[random.nextInt(ALU.length)]] as byte[]
            case 'condition': return [0x70 | random.nextInt(16)] as byte[]
            default:
                byte[] value = new byte[site.lengthBytes == 4 ? 1 << random.nextInt(3) : 1]
                random.nextBytes(value)
                return value
        }
    }

    /** REP MOVS or STOS among the data. */
    private void strings() {
        int from = home(DATA) + random.nextInt(DATA_PAGES * PAGE - 0x200)
        int to = home(DATA) + random.nextInt(DATA_PAGES * PAGE - 0x200)
        out.emit('60 BE', from).emit('BF', to).emit('B9', random.nextInt(100))
        out.bytes(0xF3, [0xA4, 0xA5, 0xAA, 0xAB, 0xA6][random.nextInt(5)], 0x61)
    }
}
