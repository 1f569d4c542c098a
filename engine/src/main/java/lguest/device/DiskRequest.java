package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What a guest asks of a disk, as somebody sees it who may spoil it. On the guest's thread, while it is being served. */
public final class DiskRequest implements Leftover {
    private final long number;
    private final boolean write;
    private final long sector;
    private final byte[] data;
    private int most;
    private boolean failed;
    private boolean lost;

    DiskRequest(long number, boolean write, long sector, byte[] data) {
        this.number = number;
        this.write = write;
        this.sector = sector;
        this.data = data;
        this.most = data.length;
    }

    /** Which of the disk's requests, from 1. */
    public long number() {
        return number;
    }

    public boolean write() {
        return write;
    }

    /** Of 512 bytes. */
    public long sector() {
        return sector;
    }

    /** What is going to be written, or has been read: to be changed at will. */
    public byte[] data() {
        return data;
    }

    /** The guest is told of an error, and nothing is moved. */
    public void fail() {
        failed = true;
    }

    /** The guest is told that all is done, and nothing is moved. */
    public void lose() {
        lost = true;
    }

    /** Only the first bytes are moved, and the guest is told of an error. @param bytes 0 or more; more than there are changes nothing */
    public void cut(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a request cut to " + bytes + " bytes");
        }
        most = Math.min(most, bytes);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(failed);
        out.writeBoolean(lost);
        out.writeInt(most);
        out.write(data);
    }

    @Override
    public void load(DataInput in) throws IOException {
        failed = in.readBoolean();
        lost = in.readBoolean();
        most = in.readInt();
        in.readFully(data);
    }

    int most() {
        return most;
    }

    boolean failed() {
        return failed;
    }

    boolean lost() {
        return lost;
    }
}
