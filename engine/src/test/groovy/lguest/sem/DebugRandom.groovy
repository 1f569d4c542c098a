package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.CpuModel
import lguest.cpu.Eflags
import lguest.isa.Row
import lguest.mem.PhysicalMemory

/** Random code with breakpoints where it comes by: at its instructions, and at and around what it accesses. */
@CompileStatic
class DebugRandom {
    private static final int[] LENGTHS = [1, 2, 4, 8] as int[]
    static final int[] DATA_PAGES = (0..<IntegerCase.DATA_BYTES.intdiv(PhysicalMemory.PAGE_BYTES)).collect { int it ->
        (IntegerCase.DATA >>> PhysicalMemory.PAGE_SHIFT) + it
    } as int[]

    private final IntegerRandom code
    private final Random random
    private final List<Row> rows
    /** Runs code before it is given, to see where it goes. */
    private final IntegerBench scout
    private final List<int[]> accesses = []

    DebugRandom(long seed, CpuModel model, List<Row> rows) {
        code = new IntegerRandom(seed)
        random = code.random
        this.rows = rows
        scout = new IntegerBench(model)
        scout.mem.watch(DATA_PAGES) { int linear, int bits, int value, boolean write -> accesses << ([linear, bits >> 3] as int[]) }
    }

    /** Null if the code must not be run: it does not end, say. */
    DebugCase next() {
        IntegerCase integer = code.sequenceOf(rows, 6, scout)
        accesses.clear()
        if (integer.rows.empty || scout.run(integer) == null) {
            return null
        }
        DebugCase one = new DebugCase(code: integer)
        for (int n = 0; n < 4; n++) {
            if (random.nextInt(4) != 0) {
                breakpoint(one, n)
            }
        }
        one.eflags = (random.nextInt(4) == 0 ? Eflags.TF : 0) | (random.nextInt(4) == 0 ? Eflags.RF : 0)
        one
    }

    private void breakpoint(DebugCase one, int n) {
        IntegerCase code = one.code
        if (accesses.empty || random.nextInt(3) == 0) {
            int start = code.eip + code.starts[random.nextInt(code.starts.size())]
            one.breakpoint(n, random.nextInt(10) == 0 ? start + 1 : start, DebugCase.EXECUTE, 1)
        } else {
            int[] access = accesses[random.nextInt(accesses.size())]
            int bytes = LENGTHS[random.nextInt(LENGTHS.length)]
            int at = access[0] - 9 + random.nextInt(access[1] + 18)
            one.breakpoint(n, random.nextBoolean() ? access[0] : at, random.nextBoolean() ? DebugCase.WRITE : DebugCase.ACCESS, bytes)
        }
    }
}
