package lguest.device;

import java.nio.charset.StandardCharsets;

/** What a guest sent to a {@link ScriptedDevice}, as scripts see it. */
public final class DmaMessage {
    private final int key;
    private final byte[] bytes;

    /** @param bytes of all sections, in order */
    public DmaMessage(int key, byte[] bytes) {
        this.key = key;
        this.bytes = bytes;
    }

    /** The DMA key it was sent to, unsigned. */
    public long getKey() {
        return Integer.toUnsignedLong(key);
    }

    public byte[] getBytes() {
        return bytes.clone();
    }

    /** The bytes as UTF-8. */
    public String getText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes to key " + Pointer.text(key);
    }
}
