package lguest.device

/** An output sink that keeps what it got. */
class Collected implements OutputSink {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream()
    int flushes

    @Override
    void write(byte[] from, int offset, int lengthBytes) {
        bytes.write(from, offset, lengthBytes)
    }

    @Override
    void flush() {
        flushes++
    }

    String getText() {
        return bytes.toString('UTF-8')
    }
}
