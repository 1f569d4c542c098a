package lguest.translate;

import java.util.BitSet;
import lguest.cpu.CpuModel;

/**
 * What a translation is made from: a page of code as it was when somebody found it hot, and what was known about it. Immutable,
 * so that any thread may work on it.
 *
 * @param bytes of the page, and the first of the next one if the instruction at the entry reaches into it
 * @param physicalPage where it is
 * @param secondPage where the next one is, if the instruction at the entry reaches into it, which is all there is to translate then;
 *     else -1
 * @param entry offset of the first instruction
 * @param userMode CPL is 3
 * @param starts offsets at which blocks begin that have been executed
 * @param indirect offsets that indirect jumps have led to
 * @param stops offsets of breakpoints, and of what else must not be in it
 * @param misses what earlier translations have left to the interpreter all the time
 * @param limit how many instructions to translate at most, besides those of functions that are followed
 * @param inside it began in the middle of others
 * @param optimized for the second generation, see {@link Tuning}
 * @param epoch what is made of it is void once this has changed
 */
public record Source(byte[] bytes, int physicalPage, int secondPage, int entry, boolean userMode, CpuModel model, BitSet starts,
                     BitSet indirect, BitSet stops, Misses misses, int limit, boolean inside, boolean optimized, int epoch) {
}
