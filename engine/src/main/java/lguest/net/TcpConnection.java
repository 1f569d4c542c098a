package lguest.net;

/**
 * One end of a TCP connection (RFC 9293). It keeps what the other end has not acknowledged and sends it again, puts in order what
 * arrives, and keeps to the other end's window and to what the wire carries. One thread.
 */
final class TcpConnection {
    /** What either direction holds: bytes not acknowledged or not sent, bytes not read. */
    static final int BUFFER_BYTES = 256 * 1024;
    /** Our windows are in units of 8 bytes, if the other end knows of units. */
    static final int SCALE = 3;
    static final int LARGEST_WINDOW = 0xFFFF;
    static final int MSS = Ethernet.PAYLOAD_BYTES - IpPacket.HEADER_BYTES - Segment.HEADER_BYTES;

    private static final int DEFAULT_MSS = 536;
    private static final int MOST_HANDSHAKE_TRIES = 6;
    private static final int MOST_TRIES = 12;
    /**
     * Long enough for the answer of a server made of a function, or for one more segment. Not longer: a sender that gathers small
     * writes (RFC 896) says nothing more until then.
     */
    private static final long DELAYED_ACK_NANOS = 1_000_000L;
    /** Twice the life of a segment, of which the wire lets none get old. */
    private static final long TIME_WAIT_NANOS = 10_000_000_000L;

    /** How far back in a sequence a late segment may be. */
    private static final int MOST_OUTDATED = 1 << 20;

    /** Where it is in its life. Which ends have closed is another matter. */
    enum Phase { OPENING, ASKED, OPEN, TIME_WAIT, GONE }

    /** Both ends, as this one sees them. */
    record Ends(int address, int port, int peerAddress, int peerPort) {
    }

    /** Takes segments where they are to go. */
    interface Carrier {
        void carry(Segment segment);

        /** Nothing more will come from this connection, and nothing that comes for it matters. */
        void forget(TcpConnection connection);
    }

    private final Ends ends;
    private final Timers timers;
    private final Carrier carrier;
    private final TcpApplication application;
    private final Timers.Timer retransmit;
    private final Timers.Timer delayedAck;
    private final RoundTrip roundTrip = new RoundTrip();
    private Congestion congestion = new Congestion(DEFAULT_MSS);
    private int mss = DEFAULT_MSS;
    private Phase phase;
    private int tries;

    // What we send. The queue begins with the byte at unacknowledged.
    private final ByteQueue queue = new ByteQueue();
    private int unacknowledged;
    private int next;
    /** Beyond all that was ever sent: next goes back when something is sent again. */
    private int highest;
    private final PeerWindow peerWindow = new PeerWindow();
    private boolean synAcknowledged;
    private boolean finishing;
    private boolean finAcknowledged;
    private boolean wantsRoom;

    // What they send.
    private final Arrivals arrivals = new Arrivals(BUFFER_BYTES);
    private boolean heard;
    private int firstSequence;
    private long finPosition = -1;
    private boolean peerFinished;
    private int scale;
    private int promisedUpTo;
    /** Segments that we have not acknowledged yet. */
    private int owed;

    private TcpConnection(Ends ends, Timers timers, Carrier carrier, TcpApplication application, Phase phase) {
        this.ends = ends;
        this.timers = timers;
        this.carrier = carrier;
        this.application = application;
        this.phase = phase;
        retransmit = timers.timer(this::timedOut);
        delayedAck = timers.timer(this::acknowledge);
        unacknowledged = (int) (timers.now() >>> 12) + ends.hashCode() * 0x9E3779B9;
        next = unacknowledged;
        highest = unacknowledged;
    }

    /** Connects to the other end. */
    static TcpConnection connect(Ends ends, Timers timers, Carrier carrier, TcpApplication application) {
        TcpConnection connection = new TcpConnection(ends, timers, carrier, application, Phase.OPENING);
        connection.sendSyn();
        return connection;
    }

    /** Somebody wants to connect to us, with a SYN; nothing is said before {@link #accept} or {@link #reset}. */
    static TcpConnection asked(Ends ends, Timers timers, Carrier carrier, TcpApplication application, Segment syn) {
        TcpConnection connection = new TcpConnection(ends, timers, carrier, application, Phase.ASKED);
        connection.heardSyn(syn);
        return connection;
    }

    Ends ends() {
        return ends;
    }

    Phase phase() {
        return phase;
    }

    // ---- what the application does

    /** Says yes to who asked. */
    void accept() {
        if (phase == Phase.ASKED) {
            phase = Phase.OPENING;
            sendSyn();
        }
    }

    /** How many bytes {@link #write} would take. */
    int room() {
        return finishing || phase == Phase.GONE ? 0 : BUFFER_BYTES - queue.size();
    }

    /** Sends bytes. @return how many of them; if not all, {@link TcpApplication#writable} tells when to go on */
    int write(byte[] bytes, int offset, int count) {
        int taken = Math.min(count, room());
        queue.add(bytes, offset, taken);
        wantsRoom = room() == 0;
        output();
        return taken;
    }

    /** What has arrived; {@link #consumed} makes room for more. */
    ByteQueue read() {
        return arrivals.inOrder();
    }

    /** Forgets the first bytes that have arrived. */
    void consumed(int bytes) {
        arrivals.inOrder().drop(bytes);
        int before = promisedUpTo - expected();
        if (phase == Phase.OPEN && synAcknowledged && !peerFinished && arrivals.room() - before >= Math.min(2 * MSS, BUFFER_BYTES / 2)) {
            acknowledge();
        }
    }

    /** Whether the other end has said all, and all of it was read. */
    boolean drained() {
        return peerFinished && arrivals.inOrder().size() == 0;
    }

    /** We say no more after what is queued. */
    void finish() {
        if (!finishing && phase != Phase.GONE) {
            finishing = true;
            output();
        }
    }

    /** Breaks the connection. */
    void reset() {
        if (phase != Phase.GONE) {
            carrier.carry(segment(next, Segment.RST | Segment.ACK, Segment.NO_BYTES));
            gone(true);
        }
    }

    /** Ends it without a word: it is over already. */
    void forget() {
        gone(false);
    }

    // ---- what arrives

    /** A segment for this end. */
    void segment(Segment segment) {
        switch (phase) {
            case GONE -> { }
            case ASKED -> {
                if (segment.has(Segment.RST)) {
                    gone(true);
                }
            }
            default -> {
                if (heard) {
                    inConversation(segment);
                } else {
                    answerToSyn(segment);
                }
            }
        }
    }

    private void heardSyn(Segment syn) {
        heard = true;
        firstSequence = syn.sequence() + 1;
        peerWindow.heardSyn(syn, unacknowledged);
        mss = Math.max(1, Math.min(MSS, syn.mss() == 0 ? DEFAULT_MSS : syn.mss()));
        congestion = new Congestion(mss);
        scale = syn.scale() == Segment.UNSAID ? 0 : SCALE;
    }

    private void answerToSyn(Segment segment) {
        boolean acknowledges = segment.has(Segment.ACK);
        if (acknowledges && segment.acknowledgment() != highest) {
            if (!segment.has(Segment.RST)) {
                carrier.carry(new Segment(ends.port(), ends.peerPort(), segment.acknowledgment(), 0, Segment.RST, 0, 0, Segment.UNSAID,
                    Segment.NO_BYTES));
            }
        } else if (segment.has(Segment.RST)) {
            if (acknowledges) {
                gone(true);
            }
        } else if (segment.has(Segment.SYN)) {
            heardSyn(segment);
            if (acknowledges) {
                acknowledged(segment);
                acknowledge();
                output();
            } else {
                next = unacknowledged;
                sendSyn();
            }
        }
    }

    private void inConversation(Segment segment) {
        int ahead = segment.sequence() - expected();
        int window = arrivals.room();
        if (segment.has(Segment.RST)) {
            if (ahead == 0) {
                gone(true);
            } else if (ahead > 0 && ahead < window) {
                acknowledge();
            }
        } else if (segment.has(Segment.SYN)) {
            // A repeated one, whose answer was lost; or one of another life.
            if (synAcknowledged) {
                acknowledge();
            } else {
                next = unacknowledged;
                sendSyn();
            }
        } else if (segment.has(Segment.ACK)) {
            int behind = highest - segment.acknowledgment();
            if (ahead > window || ahead < -MOST_OUTDATED || behind < 0 || behind > MOST_OUTDATED) {
                acknowledge();
                return;
            }
            acknowledged(segment);
            if (phase != Phase.GONE) {
                takeIn(segment, ahead);
                output();
                settle();
            }
        }
    }

    /** What the acknowledgment in a segment says of what we sent. */
    private void acknowledged(Segment segment) {
        int bytes = segment.acknowledgment() - unacknowledged;
        boolean sameWindow = peerWindow.of(segment) == peerWindow.bytes();
        boolean wasShut = peerWindow.bytes() == 0;
        if (bytes >= 0) {
            peerWindow.heard(segment);
            tries = 0;
        }
        if (wasShut && peerWindow.bytes() > 0 && synAcknowledged) {
            // What we tried it with was not taken.
            next = unacknowledged;
        }
        if (bytes > 0) {
            advance(segment.acknowledgment(), bytes);
        } else if (bytes == 0 && next != unacknowledged && sameWindow && segment.length() == 0 && synAcknowledged
            && congestion.repeated(next - unacknowledged, highest)) {
            sendAgain();
        }
    }

    private void advance(int to, int bytes) {
        int data = bytes;
        if (!synAcknowledged) {
            synAcknowledged = true;
            phase = Phase.OPEN;
            data--;
        }
        if (data > queue.size()) {
            finAcknowledged = true;
            data = queue.size();
        }
        boolean wasOpened = data == bytes;
        queue.drop(data);
        unacknowledged = to;
        if (next - to < 0) {
            next = to;
        }
        roundTrip.acknowledged(to, timers.now());
        retransmit.cancel();
        if (congestion.acknowledged(bytes, to) && next != unacknowledged) {
            sendAgain();
        }
        if (!wasOpened && !finAcknowledged) {
            application.opened();
        }
        if (wantsRoom && room() > BUFFER_BYTES / 2) {
            wantsRoom = false;
            application.writable();
        }
    }

    private void takeIn(Segment segment, int ahead) {
        long position = arrivals.expected() + ahead;
        long before = arrivals.expected();
        arrivals.add(position, segment.payload());
        if (segment.has(Segment.FIN)) {
            finPosition = position + segment.payload().length;
        }
        boolean finished = !peerFinished && finPosition == arrivals.expected();
        peerFinished |= finished;
        boolean progress = arrivals.expected() != before;
        if (segment.length() > 0 || ahead < 0) {
            owed++;
        }
        if (progress) {
            application.readable();
        }
        if (finished && phase != Phase.GONE) {
            application.ended();
        }
        if (owed == 0 || phase == Phase.GONE) {
            return;
        }
        if (!progress || finished || ahead != 0 || owed >= 2) {
            acknowledge();
        } else {
            delayedAck.in(DELAYED_ACK_NANOS);
        }
    }

    /** Both ends may have said all. */
    private void settle() {
        if (phase == Phase.OPEN && finAcknowledged && peerFinished) {
            phase = Phase.TIME_WAIT;
            delayedAck.cancel();
            retransmit.in(TIME_WAIT_NANOS);
            application.gone(false);
        }
    }

    // ---- what is sent

    private int expected() {
        return firstSequence + (int) arrivals.expected() + (peerFinished ? 1 : 0);
    }

    private Segment segment(int sequence, int flags, byte[] payload) {
        boolean syn = (flags & Segment.SYN) != 0;
        int unit = syn ? 0 : scale;
        int window = Math.min(arrivals.room() >> unit, LARGEST_WINDOW);
        promisedUpTo = expected() + (window << unit);
        return new Segment(ends.port(), ends.peerPort(), sequence, (flags & Segment.ACK) != 0 ? expected() : 0, flags, window,
            syn ? MSS : 0, syn && (!heard || scale > 0) ? SCALE : Segment.UNSAID, payload);
    }

    private void sendSyn() {
        carrier.carry(segment(unacknowledged, heard ? Segment.SYN | Segment.ACK : Segment.SYN, Segment.NO_BYTES));
        next = unacknowledged + 1;
        highest = next;
        measure();
        retransmit.in(roundTrip.timeout());
    }

    private void acknowledge() {
        carrier.carry(segment(next, Segment.ACK, Segment.NO_BYTES));
        saidSo();
    }

    /** Whatever we send acknowledges all that has come. */
    private void saidSo() {
        delayedAck.cancel();
        owed = 0;
    }

    private void measure() {
        if (tries == 0) {
            roundTrip.sent(next, timers.now());
        }
    }

    /** The sequence of our FIN, which comes after everything queued. */
    private int finSequence() {
        return unacknowledged + queue.size();
    }

    private boolean allSent() {
        int end = finSequence();
        return finAcknowledged || next - end >= (finishing ? 1 : 0);
    }

    /** Sends what may be sent now. */
    private void output() {
        if (phase != Phase.OPEN) {
            return;
        }
        while (!allSent()) {
            int inFlight = next - unacknowledged;
            int unsent = queue.size() - inFlight;
            int usable = Math.min(peerWindow.bytes(), congestion.window()) - inFlight;
            int bytes = Math.min(Math.min(unsent, mss), usable);
            boolean scrap = bytes < mss && bytes < unsent;
            if (bytes < 0 || unsent > 0 && (bytes == 0 || scrap && inFlight > 0)) {
                break;
            }
            send(next, bytes);
        }
        boolean waits = next != unacknowledged || !allSent();
        if (waits && !retransmit.isSet()) {
            retransmit.in(roundTrip.timeout());
        }
    }

    /** One segment of what is queued, with our FIN if that comes next. */
    private void send(int sequence, int bytes) {
        int offset = sequence - unacknowledged;
        boolean last = offset + bytes == queue.size();
        boolean fin = last && finishing;
        carrier.carry(segment(sequence, Segment.ACK | (last && bytes > 0 ? Segment.PSH : 0) | (fin ? Segment.FIN : 0),
            queue.copy(offset, bytes)));
        saidSo();
        int end = sequence + bytes + (fin ? 1 : 0);
        if (end - next > 0) {
            next = end;
        }
        if (end - highest > 0) {
            highest = end;
            measure();
        }
    }

    /** The first segment that is not acknowledged, once more. */
    private void sendAgain() {
        roundTrip.sentAgain();
        int bytes = Math.min(Math.min(queue.size(), mss), Math.max(0, highest - unacknowledged));
        send(unacknowledged, bytes);
    }

    /** Nothing was acknowledged for too long. */
    private void timedOut() {
        if (phase == Phase.TIME_WAIT) {
            gone(false);
            return;
        }
        if (++tries > (synAcknowledged ? MOST_TRIES : MOST_HANDSHAKE_TRIES)) {
            reset();
            return;
        }
        roundTrip.sentAgain();
        roundTrip.backOff();
        if (!synAcknowledged) {
            sendSyn();
            return;
        }
        int inFlight = next - unacknowledged;
        if (inFlight > 0) {
            congestion.timedOut(inFlight);
            next = unacknowledged;
        }
        // One segment in any case, of one byte if the window is shut: the answer says whether it still is.
        int most = peerWindow.bytes() == 0 ? 1 : Math.min(mss, peerWindow.bytes());
        send(unacknowledged, Math.min(queue.size(), most));
        retransmit.in(roundTrip.timeout());
    }

    private void gone(boolean broken) {
        boolean known = phase != Phase.TIME_WAIT;
        phase = Phase.GONE;
        retransmit.cancel();
        delayedAck.cancel();
        carrier.forget(this);
        if (known) {
            application.gone(broken);
        }
    }

    @Override
    public String toString() {
        return Ipv4.text(ends.address()) + ":" + ends.port() + " " + Ipv4.text(ends.peerAddress()) + ":" + ends.peerPort() + " " + phase
            + (finishing ? " finishing" : "") + (peerFinished ? " peer finished" : "") + ", " + queue.size() + " bytes queued, "
            + arrivals.inOrder().size() + " to be read";
    }
}
