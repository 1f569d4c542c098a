package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import lguest.cpu.CpuModel;
import lguest.host.HostConfig;

/**
 * What a saved guest was made of, devices apart.
 *
 * @param wallStart Unix time in nanoseconds at guest time 0
 * @param host null on a bare machine
 */
record Origin(String name, GuestConfig.Platform platform, long memoryBytes, String cmdline, GuestConfig.TimeKind time, int tscKhz,
              long wallStart, CpuModel model, boolean strict, HostConfig host) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static Origin of(Guest guest) {
        GuestConfig config = guest.config();
        return new Origin(config.name(), config.platform(), config.memoryBytes(), config.cmdline(), config.time(), config.tscKhz(),
            guest.clock().wallStart(), config.cpuModel(), config.strict(), guest.host() == null ? null : guest.host().config());
    }

    GuestConfig config(String newName) {
        return new GuestConfig(newName).platform(platform).memoryBytes(memoryBytes).cmdline(cmdline).time(time).tscKhz(tscKhz)
            .wallStart(Instant.ofEpochSecond(Math.floorDiv(wallStart, NANOS_PER_SECOND), Math.floorMod(wallStart, NANOS_PER_SECOND)))
            .cpuModel(model).strict(strict);
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeUTF(platform.name());
        out.writeLong(memoryBytes);
        out.writeUTF(cmdline);
        out.writeUTF(time.name());
        out.writeInt(tscKhz);
        out.writeLong(wallStart);
        out.writeUTF(model.name());
        out.writeInt(model.family());
        out.writeInt(model.model());
        out.writeInt(model.stepping());
        out.writeInt(model.features());
        out.writeUTF(model.brand());
        out.writeBoolean(strict);
        if (host != null) {
            out.writeInt(host.pfnLimit());
            out.writeInt(host.pageDirectory());
            out.writeInt(host.pageOffset());
            out.writeInt(host.guestId());
        }
    }

    static Origin read(DataInput in) throws IOException {
        String name = in.readUTF();
        GuestConfig.Platform platform = GuestConfig.Platform.valueOf(in.readUTF());
        long memoryBytes = in.readLong();
        String cmdline = in.readUTF();
        GuestConfig.TimeKind time = GuestConfig.TimeKind.valueOf(in.readUTF());
        int tscKhz = in.readInt();
        long wallStart = in.readLong();
        CpuModel model = new CpuModel(in.readUTF(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readUTF());
        boolean strict = in.readBoolean();
        HostConfig host = platform == GuestConfig.Platform.BARE ? null
            : new HostConfig(in.readInt(), in.readInt(), in.readInt(), in.readInt(), tscKhz, strict);
        return new Origin(name, platform, memoryBytes, cmdline, time, tscKhz, wallStart, model, strict, host);
    }
}
