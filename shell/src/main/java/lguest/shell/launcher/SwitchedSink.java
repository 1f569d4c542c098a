package lguest.shell.launcher;

import java.io.IOException;
import lguest.device.OutputSink;

/** The end of a guest's console, which can be laid elsewhere while the guest runs. */
public final class SwitchedSink implements OutputSink {
    private volatile OutputSink target;

    SwitchedSink(OutputSink target) {
        this.target = target;
    }

    /** Any thread: what the guest prints from now on goes there. */
    public void lay(OutputSink newTarget) {
        target = newTarget;
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
        target.write(bytes, offset, lengthBytes);
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }
}
