package lguest.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.device.Card;
import lguest.device.FrameTap;
import lguest.device.SystemError;
import lguest.net.Pcapng;

/** The frames of a guest's network cards, on their way into a file. */
final class Recording {
    private final Path file;
    private final Pcapng pcap;
    private final List<Card> cards;
    private final Consumer<String> warnings;

    private Recording(Path file, Pcapng pcap, List<Card> cards, Consumer<String> warnings) {
        this.file = file;
        this.pcap = pcap;
        this.cards = cards;
        this.warnings = warnings;
    }

    static Recording start(Path file, List<Card> cards, LongSupplier wallNanos, Consumer<String> warnings) throws IOException {
        Recording recording = new Recording(file, new Pcapng(file, wallNanos), cards, warnings);
        for (Card card : cards) {
            int wire = recording.pcap.wire(card.name());
            card.tap((outbound, frame) -> recording.frame(wire, outbound, frame));
        }
        return recording;
    }

    /** A file that cannot be written any more ends the recording, not the guest. */
    private void frame(int wire, boolean outbound, byte[] frame) {
        try {
            pcap.frame(wire, outbound, frame);
        } catch (IOException failed) {
            cards.forEach(card -> card.tap(FrameTap.NONE));
            warnings.accept("recording to '" + file + "' ends: " + SystemError.text(failed));
        }
    }

    void stop() throws IOException {
        cards.forEach(card -> card.tap(FrameTap.NONE));
        pcap.close();
    }
}
