package lguest.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Makes empty disks. They appear whole or not at all. */
final class NewImage {
    private NewImage() {
    }

    /** @throws FileAlreadyExistsException if it is there */
    static void make(DiskImage image, long bytes) throws IOException {
        Path path = image.path().toAbsolutePath();
        Path making = Files.createTempFile(path.getParent(), path.getFileName().toString(), null);
        try {
            try (FileChannel channel = FileChannel.open(making, StandardOpenOption.WRITE)) {
                if (image.effectiveFormat() == DiskImage.Format.QCOW2) {
                    Qcow2Header.empty(bytes, image.base()).write(channel);
                } else {
                    channel.write(ByteBuffer.allocate(1), bytes - 1);
                }
                channel.force(true);
            }
            // A link, unlike a move, does not replace what somebody else has put there meanwhile.
            link(path, making);
        } finally {
            Files.deleteIfExists(making);
        }
    }

    private static void link(Path path, Path making) throws IOException {
        try {
            Files.createLink(path, making);
        } catch (UnsupportedOperationException noLinks) {
            Files.move(making, path, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
