package lguest.dsl.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lguest.device.Dma;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * The guest sends a DMA to a key: {@code dma(CONSOLE_KEY)}.
 *
 * @param key a number or a symbol; null for any
 */
public record DmaSentEvent(Object key) implements ScriptEvent {
    @Override
    public List<Event> on(Names names) {
        return List.of(new Event.DmaEvent(key == null ? Event.ANY : names.address(key)));
    }

    @Override
    public boolean takesTime() {
        return true;
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new DmaSent(occurrence, guest);
    }

    @Override
    public String toString() {
        return key == null ? "dma" : "dma(" + Events.text(key) + ")";
    }

    /** A DMA on its way to a device. Its bytes are there while the guest waits. */
    public static final class DmaSent extends Happening {
        private final int key;
        private final int address;

        DmaSent(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
            key = occurrence.key;
            address = occurrence.dmaAddress;
        }

        public long getKey() {
            return unsigned(key);
        }

        /** Physical address of the {@code struct lguest_dma}. */
        public long getAddress() {
            return unsigned(address);
        }

        /** All sections, in order. */
        public byte[] getBytes() {
            return Dma.at(guest().physical(), address).bytes();
        }

        /** The bytes as UTF-8. */
        public String getText() {
            return new String(getBytes(), StandardCharsets.UTF_8);
        }

        /** What becomes of {@code used_len}. */
        public long getResult() {
            return unsigned(occurrence().result);
        }

        @Override
        public void setResult(Object value) {
            notBefore("result");
            occurrence().result = register("result", value);
        }

        @Override
        public void proceed(Object... arguments) {
            if (arguments.length > 0) {
                throw new ScriptFailure("proceed: a DMA goes on as it is, without arguments");
            }
            goOn();
        }

        @Override
        public String getName() {
            return Events.text(getKey());
        }

        @Override
        public String toString() {
            return "dma(" + Events.text(getKey()) + ")";
        }
    }
}
