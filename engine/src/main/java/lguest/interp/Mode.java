package lguest.interp;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Segment;

/** What decoding and linking depend on besides the bytes: the code segment's default size, whether segments do nothing, privilege. */
final class Mode {
    static final int CODE32 = 1;
    /** DS, ES and SS are flat: their offsets are linear addresses. */
    static final int FLAT_DATA = 2;
    /** CS has base 0 and no limit worth checking. */
    static final int FLAT_CODE = 4;

    /** CPL is 3: pages of the supervisor are out of reach. */
    static final int USER = 8;

    /** The stack pointer is ESP, not SP. */
    static final int STACK32 = 16;
    /** What translated code takes for granted. */
    private static final int TRANSLATED = CODE32 | FLAT_DATA | FLAT_CODE | STACK32;

    private Mode() {
    }

    static int of(CpuState cpu) {
        Segment cs = cpu.segments[Segment.CS];
        Segment ss = cpu.segments[Segment.SS];
        boolean flatData = cpu.segments[Segment.DS].flat && cpu.segments[Segment.ES].flat && ss.flat;
        boolean flatCode = cs.base == 0 && cs.limit == -1;
        boolean code32 = cs.big() && (cpu.eflagsRest & Eflags.VM) == 0;
        return (code32 ? CODE32 : 0) | (flatData ? FLAT_DATA : 0) | (flatCode ? FLAT_CODE : 0) | (cpu.cpl == 3 ? USER : 0)
            | (ss.big() ? STACK32 : 0);
    }

    static boolean translates(int mode) {
        return (mode & TRANSLATED) == TRANSLATED;
    }
}
