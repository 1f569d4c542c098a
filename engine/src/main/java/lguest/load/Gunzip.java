package lguest.load;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks one gzip stream (RFC 1952) into memory; what follows the stream is not looked at. */
final class Gunzip {
    private static final int DEFLATE = 8;
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int CHUNK_BYTES = 1 << 16;

    private Gunzip() {
    }

    /**
     * @param in at the first byte of the stream
     * @return bytes unpacked
     * @throws IOException if the stream is cut short or damaged
     * @throws LoadException if it unpacks to more than fits
     */
    static int unpack(Ram ram, int physical, InputStream in) throws IOException {
        skipHeader(in);
        Inflater inflater = new Inflater(true);
        try {
            return inflate(ram, physical, in, inflater);
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage() != null ? e.getMessage() : "invalid deflate data", e);
        } finally {
            inflater.end();
        }
    }

    private static int inflate(Ram ram, int physical, InputStream in, Inflater inflater) throws IOException, DataFormatException {
        byte[] packed = new byte[CHUNK_BYTES];
        byte[] unpacked = new byte[CHUNK_BYTES];
        CRC32 crc = new CRC32();
        int end = physical;
        int packedBytes = 0;
        while (!inflater.finished()) {
            int bytes = inflater.inflate(unpacked);
            ram.require("Unpacked kernel", end, bytes);
            ram.memory().write(end, unpacked, 0, bytes);
            crc.update(unpacked, 0, bytes);
            end += bytes;
            if (bytes == 0 && !inflater.finished()) {
                if (!inflater.needsInput()) {
                    throw new DataFormatException("stream needs a dictionary");
                }
                packedBytes = in.read(packed);
                if (packedBytes < 0) {
                    throw new EOFException();
                }
                inflater.setInput(packed, 0, packedBytes);
            }
        }
        int left = inflater.getRemaining();
        InputStream trailer = new SequenceInputStream(
            new ByteArrayInputStream(packed, packedBytes - left, left), in);
        if (word(trailer) != (int) crc.getValue() || word(trailer) != end - physical) {
            throw new IOException("checksum of the unpacked kernel is wrong");
        }
        return end - physical;
    }

    private static void skipHeader(InputStream in) throws IOException {
        in.skipNBytes(2);
        if (need(in) != DEFLATE) {
            throw new IOException("not compressed by deflate");
        }
        int flags = need(in);
        in.skipNBytes(6);
        if ((flags & FEXTRA) != 0) {
            in.skipNBytes(need(in) | need(in) << 8);
        }
        if ((flags & FNAME) != 0) {
            skipString(in);
        }
        if ((flags & FCOMMENT) != 0) {
            skipString(in);
        }
        if ((flags & FHCRC) != 0) {
            in.skipNBytes(2);
        }
    }

    private static void skipString(InputStream in) throws IOException {
        while (need(in) != 0) {
            // up to and with the terminating zero
        }
    }

    private static int word(InputStream in) throws IOException {
        return need(in) | need(in) << 8 | need(in) << 16 | need(in) << 24;
    }

    private static int need(InputStream in) throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new EOFException();
        }
        return c;
    }
}
