package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.cpu.Eflags
import lguest.cpu.Vector

/** How a piece of code ended and what it left behind. */
@CompileStatic
class IntegerAnswer {
    private static final int FLAGS = Eflags.STATUS | Eflags.DF | Eflags.NT | Eflags.ID
    /** P, W and U: what else a page fault reports depends on features that an i686 lacks. */
    private static final int PAGE_FAULT_BITS = 7

    int[] regs = new int[8]
    int eip
    int eflags
    /** ES CS SS DS FS GS. */
    int[] segments = new int[6]
    int trap
    int error
    int cr2
    Vectors vectors
    /** Offset into the data and the word that is there now, in turn. */
    int[] changes = new int[0]

    static IntegerAnswer read(ByteBuffer from) {
        IntegerAnswer answer = new IntegerAnswer()
        for (int i = 0; i < 8; i++) {
            answer.regs[i] = from.getInt()
        }
        answer.eip = from.getInt()
        answer.eflags = from.getInt()
        for (int i = 0; i < 6; i++) {
            answer.segments[i] = from.getInt()
        }
        answer.trap = from.getInt()
        answer.error = from.getInt()
        answer.cr2 = from.getInt()
        answer.vectors = Vectors.read(from)
        answer.changes = new int[2 * from.getInt()]
        for (int i = 0; i < answer.changes.length; i++) {
            answer.changes[i] = from.getInt()
        }
        answer
    }

    IntegerAnswer copy() {
        new IntegerAnswer(regs: regs, eip: eip, eflags: eflags, segments: segments, trap: trap, error: error, cr2: cr2,
            vectors: vectors, changes: changes)
    }

    /** @param undefined flags that may differ */
    boolean matches(IntegerAnswer other, int undefined) {
        boolean sameEnd = trap == other.trap && eip == other.eip && (trap != Vector.PF ? error == other.error
            : (error & PAGE_FAULT_BITS) == (other.error & PAGE_FAULT_BITS) && cr2 == other.cr2)
        sameEnd && differentFlags(other, undefined) == 0 && Arrays.equals(regs, other.regs)
            && Arrays.equals(segments, other.segments) && vectors == other.vectors && Arrays.equals(changes, other.changes)
    }

    /** All data as they are now. */
    byte[] data(IntegerCase one) {
        byte[] data = one.data()
        ByteBuffer words = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)
        for (int i = 0; i < changes.length; i += 2) {
            words.putInt(changes[i], changes[i + 1])
        }
        data
    }

    int differentFlags(IntegerAnswer other, int undefined) {
        (eflags ^ other.eflags) & FLAGS & ~undefined
    }

    String toString() {
        StringBuilder out = new StringBuilder('   ')
        regs.each { int it -> out << String.format(' %08X', it) }
        out << String.format('%n    eip %08X  #%s(%X)%s  flags %s  segments', eip, Vector.name(trap), error,
            trap == Vector.PF ? String.format(' cr2 %08X', cr2) : '', Eflags.describe(eflags & FLAGS))
        segments.each { int it -> out << String.format(' %02X', it) }
        out << String.format('%n') << vectors << '    changes:'
        for (int i = 0; i < Math.min(changes.length, 32); i += 2) {
            out << String.format(' [%04X] %08X', changes[i], changes[i + 1])
        }
        changes.length > 32 ? "$out and ${(changes.length - 32) >> 1} more" : out.toString()
    }
}
