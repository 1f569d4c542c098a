package lguest.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import lguest.device.Pointer;

/**
 * A compressed kernel: the setup code of a real machine, which nobody runs here, and behind it the kernel as a gzip stream. Where
 * the stream begins and what PAGE_OFFSET the kernel was built for is guessed the way lguest's launcher guesses.
 */
final class BzImage {
    /** Where every bzImage unpacks. */
    static final int ADDRESS = 0x100000;

    private static final int GZIP_1 = 0x1F;
    private static final int GZIP_2 = 0x8B;
    private static final int OS_UNIX = 3;
    private static final int OS_AT = 9;
    private static final int GZIP_HEADER_BYTES = 10;

    private static final int MOV_EAX_MOFFS = 0xA1;
    private static final int VOTES = 4;

    private BzImage() {
    }

    /** @throws LoadException if no kernel is found, it does not unpack, or is bigger than memory */
    static Kernel load(Ram ram, ImageFile file, Consumer<String> verbose) {
        int bytes;
        try {
            bytes = Gunzip.unpack(ram, ADDRESS, stream(file, gzipOffset(file)));
        } catch (IOException e) {
            throw new LoadException(e, "reading image from bzImage");
        }
        verbose.accept("Unpacked size " + bytes + " addr " + Pointer.text(ADDRESS));
        int pageOffset = guessPageOffset(ram, bytes);
        return Kernel.genuine(ram, ADDRESS, (long) ADDRESS + bytes, pageOffset);
    }

    /**
     * The first gzip magic behind the ELF-sized header decides: if its stream was not made on Unix, the search is over, as a
     * second magic is more likely chance than a kernel.
     */
    private static long gzipOffset(ImageFile file) throws IOException {
        InputStream in = stream(file, ElfImage.HEADER_BYTES);
        int state = 0;
        long at = ElfImage.HEADER_BYTES;
        for (int c = in.read(); c >= 0; c = in.read(), at++) {
            if (state == 0) {
                state = c == GZIP_1 ? 1 : 0;
            } else if (state == 1) {
                state = c == GZIP_2 ? 2 : 0;
            } else if (state < OS_AT) {
                state++;
            } else if (c == OS_UNIX) {
                return at + 1 - GZIP_HEADER_BYTES;
            } else {
                break;
            }
        }
        throw new LoadException("Could not find kernel in bzImage");
    }

    /** The top byte of the first address that four {@code mov eax, [address]} agree on; data of the kernel is all up there. */
    private static int guessPageOffset(Ram ram, int bytes) {
        int[] votes = new int[256];
        for (int i = 0; i + 4 < bytes; i++) {
            if (ram.memory().read8(ADDRESS + i) == MOV_EAX_MOFFS) {
                int top = ram.memory().read8(ADDRESS + i + 4);
                if (++votes[top] == VOTES) {
                    return top << 24;
                }
            }
        }
        throw new LoadException("could not determine page offset");
    }

    private static InputStream stream(ImageFile file, long from) {
        return new BufferedInputStream(new InputStream() {
            private long at = from;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int offset, int lengthBytes) throws IOException {
                int read = file.read(at, to, offset, lengthBytes);
                at += read;
                return read == 0 && lengthBytes > 0 ? -1 : read;
            }
        }, 1 << 16);
    }
}
