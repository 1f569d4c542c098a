package lguest.carrier;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.device.LauncherExit;
import lguest.device.OutputSink;
import lguest.device.SystemError;

/** A file with what a console prints, each line behind the time, by the guest's clock, at which it began. */
public final class StampedLog implements OutputSink, AutoCloseable {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z '").withZone(ZoneOffset.UTC);

    private final ConsoleAddress address;
    private final OutputStream out;
    private final LongSupplier wallNanos;
    private final Consumer<String> warnings;
    private boolean inLine;
    private boolean broken;

    private StampedLog(ConsoleAddress address, OutputStream out, LongSupplier wallNanos, Consumer<String> warnings) {
        this.address = address;
        this.out = out;
        this.wallNanos = wallNanos;
        this.warnings = warnings;
    }

    /**
     * Makes the file anew.
     *
     * @param wallNanos the guest's clock, in nanoseconds since 1970
     * @param warnings hears, once, if it cannot be written any more: the console goes on without it
     * @throws LauncherExit {@code console <address>: <why>}
     */
    public static StampedLog open(ConsoleAddress address, LongSupplier wallNanos, Consumer<String> warnings) {
        try {
            return new StampedLog(address, Files.newOutputStream(address.path()), wallNanos, warnings);
        } catch (IOException e) {
            throw new LauncherExit(e, "console %s", address);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) {
        try {
            for (int at = offset; at < offset + lengthBytes && !broken;) {
                if (!inLine) {
                    long nanos = wallNanos.getAsLong();
                    out.write(STAMP.format(Instant.ofEpochSecond(0, nanos)).getBytes(StandardCharsets.US_ASCII));
                    inLine = true;
                }
                int end = at;
                while (end < offset + lengthBytes && inLine) {
                    inLine = bytes[end++] != '\n';
                }
                out.write(bytes, at, end - at);
                at = end;
            }
        } catch (IOException e) {
            broken = true;
            warnings.accept("console " + address + ": " + SystemError.text(e) + "; nothing more goes there");
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            warnings.accept("console " + address + ": " + SystemError.text(e));
        }
    }
}
