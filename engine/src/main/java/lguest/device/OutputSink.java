package lguest.device;

import java.io.IOException;

/** Where a console's output goes. */
public interface OutputSink {
    /** Discards everything. */
    OutputSink NONE = (bytes, offset, lengthBytes) -> { };

    void write(byte[] bytes, int offset, int lengthBytes) throws IOException;

    /** Called at the end of each message of the guest. */
    default void flush() throws IOException {
    }
}
