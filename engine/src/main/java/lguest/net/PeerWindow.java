package lguest.net;

/** How much the other end of a connection takes (RFC 9293 "Window"). A segment that was overtaken does not bring back what it once was. */
final class PeerWindow {
    private int bytes;
    private int scale;
    /** Sequence and acknowledgment of the segment that said so. */
    private int saidFrom;
    private int saidAt;

    /** What the SYN of the other end says. @param at sequence that it is heard at */
    void heardSyn(Segment syn, int at) {
        bytes = syn.window();
        scale = syn.scale() == Segment.UNSAID ? 0 : syn.scale();
        saidFrom = syn.sequence();
        saidAt = at;
    }

    int bytes() {
        return bytes;
    }

    /** What a segment calls its window, in bytes: that of a SYN is in no units. */
    int of(Segment segment) {
        return segment.has(Segment.SYN) ? segment.window() : segment.window() << scale;
    }

    /** Takes what a segment says, unless a later one has said something already. */
    void heard(Segment segment) {
        int since = segment.sequence() - saidFrom;
        if (since > 0 || since == 0 && segment.acknowledgment() - saidAt >= 0) {
            bytes = of(segment);
            saidFrom = segment.sequence();
            saidAt = segment.acknowledgment();
        }
    }
}
