package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic

/**
 * The fixed part of a guest: gets itself going, on a bare machine or under the Host, and survives whatever its acts come to. A fault
 * ends an act and the next one begins; so does the timer when an act takes too long. Where interrupts and faults happened goes into
 * a sum, so that one that came an instruction early makes all the difference.
 */
@CompileStatic
class MixKernel {
    private static final int PRESENT_WRITABLE = 3
    private static final int USER = 7
    private static final int READ_ONLY = 5
    private static final int CR0_PG_WP = 0x80010000 as int
    private static final int CR0_PG = 0x80000000 as int
    private static final int EDX = 2
    private static final int EBX = 3
    private static final int ECX = 1

    final Assembler out = new Assembler()
    final boolean bare
    private final boolean writeProtect

    MixKernel(boolean bare, boolean writeProtect) {
        this.bare = bare
        this.writeProtect = writeProtect
    }

    int kernelCs() {
        bare ? KERNEL_CS : KERNEL_CS | 1
    }

    int kernelDs() {
        bare ? KERNEL_DS : KERNEL_DS | 1
    }

    /** Everything but the acts, which come next. */
    void begin() {
        tables()
        descriptors()
        if (bare) {
            bareEntry()
        } else {
            hostEntry()
        }
        out.jump('E9', 'acts')
        handlers()
        out.label('acts')
    }

    // ---- data

    private void tables() {
        for (int directory : [DIRECTORY, OTHER_DIRECTORY]) {
            out.put(directory, TABLE_LOW | PRESENT_WRITABLE, TABLE_HOME | USER, TABLE_HOME | USER, TABLE_SAME | USER,
                (directory == DIRECTORY ? TABLE_WINDOW : OTHER_TABLE_WINDOW) | USER)
            out.put(directory + 768 * 4, TABLE_LOW | PRESENT_WRITABLE)
        }
        (MEMORY >>> 12).times { out.put(TABLE_LOW + it * 4, it << 12 | PRESENT_WRITABLE) }
        for (int page = 0; page < 32; page++) {
            int physical = FARM + page * PAGE
            boolean code = page < FARM_PAGES
            boolean data = physical >= DATA && physical < DATA + DATA_PAGES * PAGE
            boolean stack = physical >= USER_STACK && physical < USER_STACK_END
            boolean nursery = physical >= NURSERY && physical < NURSERY + 2 * PAGE
            boolean readOnly = physical in [BYE, POINTERS]
            int entry = code || data || nursery || stack ? physical | USER : readOnly ? physical | READ_ONLY : 0
            out.put(TABLE_HOME + page * 4, physical == DATA + (DATA_PAGES + 1) * PAGE ? DATA | READ_ONLY : entry)
            int shifted = code ? FARM + (page + 1) % FARM_PAGES * PAGE : physical
            out.put(TABLE_SAME + (physical >>> 12) * 4, entry)
            out.put(TABLE_SHIFTED + (physical >>> 12) * 4, code ? shifted | USER : entry)
        }
        WINDOW_PAGES.times {
            int physical = it < FARM_PAGES ? FARM + it * PAGE : DATA + it % DATA_PAGES * PAGE
            out.put(TABLE_WINDOW + it * 4, physical | USER)
            out.put(OTHER_TABLE_WINDOW + it * 4, (it < FARM_PAGES ? FARM + (it ^ 1) * PAGE : physical) | USER)
        }
    }

    private void descriptors() {
        int ring = bare ? 0 : 1
        out.put(GDT + KERNEL_CS, 0x0000FFFF, 0x00CF9B00 | ring << 13, 0x0000FFFF, 0x00CF9300 | ring << 13)
        out.put(GDT + USER_CS - 3, 0x0000FFFF, 0x00CFFB00, 0x0000FFFF, 0x00CFF300)
        int tss = KERNEL + TSS
        out.put(GDT + TSS_SELECTOR, tss << 16 | 0x67, tss & 0xFF000000 as int | 0x8900 | tss >>> 16 & 0xFF)
        out.put(TSS + 4, KERNEL + STACK, KERNEL_DS)
        for (int at = USER_STACK; at < USER_STACK_END; at += 4) {
            out.put(at, home(BYE))
        }
    }

    // ---- the beginning

    private void bareEntry() {
        int descriptorTables = VARIABLES + 0xF00
        out.put(descriptorTables, TSS_SELECTOR + 7 | GDT << 16, (KERNEL + GDT) >>> 16, 0x7FF | IDT << 16, (KERNEL + IDT) >>> 16)
        out.emit('0F0115', descriptorTables).emit('0F011D', descriptorTables + 8)
        out.emit('B8', DIRECTORY).emit('0F22D8 0F20E0 0C10 0F22E0 0F20C0 0D', writeProtect ? CR0_PG_WP : CR0_PG).emit('0F22C0')
        out.address('B8', 'high').emit('FFE0')
        out.label('high').emit('BC', KERNEL + STACK).emit('6A').bytes(KERNEL_CS).address('68', 'segments').emit('CB')
        out.label('segments')
        segments()
        out.emit('8ED0 BC', KERNEL + STACK).emit('B8', TSS_SELECTOR).emit('0F00D8 FB')
    }

    private void hostEntry() {
        out.bytes('GenuineLguest'.bytes.collect { it as int } as int[])
        out.put(SHARED + 4, 0)
        64.times { out.put(SHARED + 0x14 + it, [-1] as byte[]) }
        out.emit('BC', KERNEL + STACK)
        hypercall(1, SHARED)
        hypercall(3, GDT, 32)
        segments()
        out.emit('8ED0')
        hypercall(7, kernelDs(), KERNEL + STACK, 1)
        vectors().each { int vector ->
            int type = vector >= TIMER && vector < VECTORS ? 0xE : 0xF
            out.address('B9', "vector $vector").address('BB', "vector $vector").emit('81E1 0000FFFF 81C9', 0x8000 | 3 << 13 | type << 8)
            out.emit('81E3 FFFF0000 B8', 6).emit('BA', vector).emit('CD1F')
        }
        hypercall(4, DIRECTORY)
        hypercall(5, 1)
        hypercall(9, 20_000)
        out.emit('C705', KERNEL + SHARED, 0x200)
    }

    private void segments() {
        out.emit('B8', kernelDs()).emit('8ED8 8EC0')
    }

    /** A hypercall with constants. */
    Assembler hypercall(int number, int a1 = 0, int a2 = 0, int a3 = 0) {
        out.emit('B8', number).emit('BA', a1).emit('BB', a2).emit('B9', a3).emit('CD1F')
    }

    // ---- what interrupts it

    static List<Integer> vectors() {
        (0..19).findAll { !(it in [2, 8, 15]) } + (TIMER..<VECTORS).toList() + [0x80]
    }

    private void handlers() {
        for (int vector : vectors()) {
            out.label("vector $vector")
            if (!(vector in [10, 11, 12, 13, 14, 17])) {
                out.emit('6A00')
            }
            out.emit('68', vector).jump('E9', vector == 0x80 ? 'system call' : vector >= TIMER ? 'interrupt' : 'fault')
        }
        out.label('fault').emit('FC')
        segments()
        sumStack(0)
        sumStack(4)
        sumStack(8)
        if (bare) {
            out.emit('0F20D0')
        } else {
            out.emit('A1', KERNEL + SHARED + 8)
        }
        sum(0)
        out.emit('FF05', FAULTS)
        out.label('go on').emit('BC', KERNEL + STACK)
        admit()
        out.emit('FF25', NEXT)
        out.label('system call').emit('89C1')
        segments()
        sum(ECX)
        [EDX, EBX, 5, 6, 7].each { sum(it) }
        sumStack(8)
        out.jump('E9', 'go on')
        interrupt()
        out.label('sums')
        [0, ECX, EDX, EBX, 5, 6, 7].each { sum(it) }
        out.emit('C3')
        if (bare) {
            for (int vector : vectors()) {
                int type = vector == 0x80 ? 0xEE00 : vector >= TIMER ? 0x8E00 : 0x8F00
                String name = "vector $vector"
                out.put(IDT + vector * 8, KERNEL_CS << 16 | out.linear(name) & 0xFFFF, out.linear(name) & 0xFFFF0000 as int | type)
            }
        }
    }

    /** Changes some code, and lets the interrupted program go on, unless it has taken too long. */
    private void interrupt() {
        out.label('interrupt').emit('1E 06 60')
        segments()
        out.emit('FC')
        [48, 56, 28, 24].each { sumStack(it) }
        out.emit('FF05', INTERRUPTS)
        out.emit('8B35', PATCH_NUMBER).emit('8D4601 83E0').bytes(PATCH_COUNT - 1).emit('A3', PATCH_NUMBER)
        out.emit('C1E604 81C6', KERNEL + PATCHES).emit('8B3E 8B4E04 83C608 F3A4')
        if (!bare) {
            out.emit('8B35', DELTA_NUMBER).emit('8D4601 83E0').bytes(DELTA_COUNT - 1).emit('A3', DELTA_NUMBER)
            out.emit('8B14B5', DELTAS).emit('B8', 9).emit('CD1F')
        }
        out.emit('FF0D', PATIENCE).jump('0F89', 'patient').emit('FF05', GIVEN_UP).jump('E9', 'go on')
        out.label('patient')
        if (!bare) {
            admit()
        }
        out.emit('61 07 1F 83C408 CF')
    }

    /** The sum takes what a register holds. */
    private void sum(int register) {
        out.emit('C105', SUM).emit('05').bytes(0x01, 0x05 | register << 3).emit('', SUM)
    }

    /** The sum takes what is on the stack, by way of EAX. */
    private void sumStack(int offset) {
        out.emit('8B4424').bytes(offset)
        sum(0)
    }

    private void admit() {
        if (bare) {
            out.emit('FB')
        } else {
            out.emit('C705', KERNEL + SHARED, 0x200)
        }
    }
}
