package lguest.dsl;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.io.OutputStream;
import java.util.Map;
import lguest.device.BlockDisk;
import lguest.machine.GuestConfig.Engine;
import lguest.machine.GuestConfig.Platform;
import lguest.machine.GuestConfig.TimeKind;

/**
 * The words inside {@code guest('name') { }}. A relative path of a file to read is looked for beside the script first, then in
 * the working directory; files to write go to the working directory. What is wrong is said at once, by a {@link ScriptFailure}.
 */
public interface GuestSpec {
    /** {@code platform bare}: the processor alone; {@code platform lguest} (the default): a guest kernel under lguest's Host. */
    void platform(Platform platform);

    Platform getBare();

    Platform getLguest();

    /** @param bytes whole pages, less than 2 GiB: {@code memory 64.MB}, which is also the default */
    void memory(Object bytes);

    /** A vmlinux or a bzImage; on {@code bare} a multiboot ELF file or a flat image. */
    void kernel(Object file);

    /** {@code kernel 'code.bin', at: 0x100000}: where a flat image on {@code bare} goes, and starts. */
    void kernel(Map<String, ?> options, Object file);

    /** What a kernel of Linux unpacks as its first root; on {@code bare} the one module of a multiboot image. */
    void initrd(Object file);

    /** What the kernel finds on its command line, word for word. */
    void cmdline(Object arguments);

    /**
     * A disk: what the guest writes reaches the file. A name that ends in {@code .qcow2} is a qcow2 image, any other file is raw;
     * {@code 'raw:FILE'} and {@code 'qcow2:FILE'} say it outright.
     */
    void block(Object file);

    /**
     * {@code block 'rootfile', snapshot}: what the guest writes stays in memory; {@code readOnly}: it is refused; {@code sync}: it is on the
     * host's disk before the guest hears of it, not only in the host's memory.
     */
    void block(Object file, BlockDisk.Mode mode);

    /**
     * A disk that is made if it is not there yet: {@code block 'scratch.img', size: 1.GB} is sparse, {@code block 'my.qcow2', base:
     * 'rootfile'} is an overlay, which holds what differs from its base.
     */
    void block(Map<String, ?> options, Object file);

    void block(Map<String, ?> options, Object file, BlockDisk.Mode mode);

    BlockDisk.Mode getReadOnly();

    BlockDisk.Mode getSync();

    BlockDisk.Mode getSnapshot();

    /**
     * A network with all guests that share this file, which is made if it is not there. With guests of other processes say
     * {@code time host}, too: a virtual second is over before they can answer.
     */
    void sharenet(Object file);

    /** The same, with {@code frames}: {@link WireSpec}. */
    void sharenet(Object file, @DelegatesTo(value = WireSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /**
     * {@code tunnet '192.168.19.1'}: a TAP interface of the host, which has this address there; {@code tunnet 'bridge:br0'}: a port of
     * a bridge of the host. Takes root, and {@code time host}: a virtual second is over before the host can answer.
     */
    void tunnet(Object where);

    /** The same, with {@code frames}: {@link WireSpec}. */
    void tunnet(Object where, @DelegatesTo(value = WireSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** A network in user space, which takes no root: {@link UserNetSpec}. */
    void usernet();

    /** {@code usernet { forward 8022, to: 22 }}. With programs of the host say {@code time host}, too. */
    void usernet(@DelegatesTo(value = UserNetSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** A file that every frame of the guest's network is recorded in, from the start, for Wireshark. */
    void pcap(Object file);

    /**
     * Where console output goes besides {@code console.text}; may be said several times.
     *
     * @param to {@code stdout}, {@code stderr}, a file to write, {@code 'log:FILE'} with the time of each line, {@code 'tcp:4555'},
     *     {@code 'unix:PATH'} or {@code 'pty'} where somebody can read and type, any {@link OutputStream}, or a closure that gets each text
     */
    void console(Object to);

    OutputStream getStdout();

    OutputStream getStderr();

    /** A device of the script's own: {@link DeviceSpec}. */
    void device(String name, @DelegatesTo(value = DeviceSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** What answers at an I/O port on {@code bare}: {@link PortSpec}. */
    void port(Object number, @DelegatesTo(value = PortSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** What answers in a page of physical memory on {@code bare}, in RAM or behind it: {@link PageSpec}. */
    void page(Object physical, @DelegatesTo(value = PageSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** {@code time host}: a second is a second; {@code time virtual}: executed instructions make time, and runs repeat. */
    void time(TimeKind kind);

    TimeKind getHost();

    TimeKind getVirtual();

    /**
     * {@code engine translator}: hot code becomes code of the JVM; {@code engine interpreter}: nothing does; {@code engine both}: what
     * is translated is interpreted, too, and a guest for which that makes a difference is killed. Runs are the same.
     */
    void engine(Engine kind);

    Engine getInterpreter();

    Engine getTranslator();

    Engine getBoth();

    /** @param start what the guest's wall clock says at first: a {@link java.time.Instant} or {@code '2007-10-09T21:00:00Z'} */
    void wallClock(Object start);

    /** @param model {@code 'pentium2'}, {@code 'pentium3'}, {@code 'pentium4'} or a {@link lguest.cpu.CpuModel} */
    void cpuModel(Object model);

    /** @param khz what the guest is told of its time stamp counter: 0 (do not use it), or 977 and more */
    void tscKhz(Object khz);

    /** Keeps quirks of the original that no sane guest wants; a power-off is a death then. */
    void strict(boolean really);

    /** Says what the launcher would say with {@code --verbose}, on standard error. */
    void verbose(boolean really);
}
