package lguest.dsl

import groovy.transform.CompileStatic
import lguest.debug.Backtrace

/** Who called whom, the innermost first; prints as a line for each. */
@CompileStatic
final class Frames extends AbstractList<Frames.Frame> {
    /** A place that a guest stands at, or comes back to. */
    @CompileStatic
    static final class Frame {
        private final Backtrace.Frame frame

        private Frame(Backtrace.Frame frame) { this.frame = frame }

        /** Linear. */
        long getAddress() { frame.address() & 0xFFFFFFFFL }

        /** {@code printk+0x12}; null if none is near. */
        String getSymbol() { frame.symbol() }

        /** Whether it was found on the stack without a chain of frames that leads there: it may be left over from another call. */
        boolean isGuessed() { frame.guessed() }

        @Override
        String toString() { frame }
    }

    private final List<Frame> frames

    Frames(List<Backtrace.Frame> frames) { this.frames = frames.collect { new Frame(it) } }

    @Override
    Frame get(int index) { frames[index] }

    @Override
    int size() { frames.size() }

    @Override
    String toString() { frames.join('\n') }
}
