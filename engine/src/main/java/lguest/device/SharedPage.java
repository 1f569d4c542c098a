package lguest.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import lguest.mem.PageDevice;

/** A page of guest memory that is a page of a file, seen at once by every guest that maps it, in whatever process. */
public final class SharedPage implements PageDevice {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final ByteBuffer page;

    /** @param name of the file, for messages */
    SharedPage(String name, MappedByteBuffer page) {
        this.name = name;
        this.page = page;
    }

    /** @throws LauncherExit if the file has been truncated under us */
    @Override
    public int read(int offset, int bits) {
        try {
            if ((offset & bits / 8 - 1) != 0) {
                return read(offset, bits / 2) | read(offset + bits / 16, bits / 2) << bits / 2;
            }
            return switch (bits) {
                case 8 -> page.get(offset) & 0xFF;
                case 16 -> (short) SHORT.getVolatile(page, offset) & 0xFFFF;
                default -> (int) INT.getVolatile(page, offset);
            };
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    @Override
    public void write(int offset, int value, int bits) {
        try {
            if ((offset & bits / 8 - 1) != 0) {
                write(offset, value, bits / 2);
                write(offset + bits / 16, value >>> bits / 2, bits / 2);
                return;
            }
            switch (bits) {
                case 8 -> page.put(offset, (byte) value);
                case 16 -> SHORT.setVolatile(page, offset, (short) value);
                default -> INT.setVolatile(page, offset, value);
            }
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** The JVM reports an access to a mapped page that has vanished (SIGBUS) as an InternalError. */
    private LauncherExit truncated(InternalError e) {
        LauncherExit exit = new LauncherExit("net file '%s' is no longer a page long", name);
        exit.initCause(e);
        return exit;
    }
}
