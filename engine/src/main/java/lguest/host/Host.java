package lguest.host;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.DescriptorTables;
import lguest.cpu.Eflags;
import lguest.cpu.GuestKilled;
import lguest.cpu.Segment;
import lguest.device.DmaPort;
import lguest.device.Parcel;
import lguest.mem.LinearMemory;
import lguest.mem.PageWalk;

/**
 * The hypervisor of one guest. Whoever runs the processor comes here with what stopped it:
 *
 * <pre>
 * INT n            {@link #softwareInterrupt}: a hypercall, the guest's own trap gate, or #GP
 * a fault          {@link #trap}
 * time and again   {@link #injectInterrupt}: after each of the above but trap gates, and at least every millisecond of guest time
 * </pre>
 *
 * and goes on at the processor's EIP when they return. Each may throw {@link GuestKilled} instead; the guest never runs
 * again then. Everything happens on the caller's thread, which is always the same, and allocates nothing.
 */
public final class Host implements DmaPort {
    private static final int CR0 = CpuState.CR0_PE | CpuState.CR0_MP | CpuState.CR0_ET | CpuState.CR0_NE
        | CpuState.CR0_WP | CpuState.CR0_AM | CpuState.CR0_PG;
    /** Where SGDT and SIDT say the tables are. Nobody can read them there. */
    private static final int SWITCHER = 0xFFC00000;
    private static final int IDT_LIMIT = 256 * 8 - 1;

    final Generation generation = Generation.G1;
    final HostConfig config;
    final CpuState cpu;
    final LinearMemory linear;
    final HostClock clock;
    final HostObserver observer;
    final GuestMemory memory;
    final LguestData data;
    final Ring ring;
    final HostDescriptors descriptors;
    final Gates gates;
    final Shadows shadows;
    final HostPageWalk walk;
    final KernelStack kernelStack;
    final PageTables pageTables;
    final Entry entry;
    final Interrupts interrupts;
    final ClockEvent clockEvent;
    final Traps traps;
    final DmaTable bindings;

    private final GuestDma guestDma;
    private final DmaOutput output;
    /** The call in hand; never two at once. */
    final Hypercall call = new Hypercall();

    /** Makes a Host; {@link #start} makes the processor its guest. */
    public Host(HostConfig config, CpuState cpu, LinearMemory linear, HostClock clock, DmaOutput output,
                HostObserver observer) {
        this.config = config;
        this.cpu = cpu;
        this.linear = linear;
        this.clock = clock;
        this.output = output;
        this.observer = observer;
        memory = new GuestMemory(linear.physical(), config.pfnLimit());
        data = new LguestData(generation.data(), memory);
        ring = new Ring(this);
        descriptors = new HostDescriptors(cpu, memory);
        gates = new Gates();
        shadows = new Shadows(config.pageDirectory());
        walk = new HostPageWalk(cpu, memory, shadows);
        kernelStack = new KernelStack(walk);
        pageTables = new PageTables(this);
        entry = new Entry(this);
        interrupts = new Interrupts(this);
        clockEvent = new ClockEvent(clock, interrupts);
        traps = new Traps(this);
        bindings = new DmaTable(memory, config.strict());
        guestDma = new GuestDma(memory, bindings, interrupts);
    }

    /**
     * The processor as a guest finds it: CPL 1, flat segments, paging on, every general register 0.
     *
     * @param eip linear address of the first instruction
     */
    public void start(int eip) {
        linear.walk(walk);
        cpu.descriptorTables = descriptors;
        cpu.softwareInterrupts = traps::passes;
        Arrays.fill(cpu.regs, 0);
        cpu.eip = eip;
        cpu.setEflags(Eflags.FIXED | Eflags.IF);
        cpu.cr0 = CR0;
        cpu.cr2 = 0;
        cpu.cr3 = config.pageDirectory();
        cpu.cr4 = (cpu.model.features() & CpuModel.FXSR) != 0 ? CpuState.CR4_OSFXSR : 0;
        if ((cpu.model.features() & CpuModel.SSE) != 0) {
            cpu.cr4 |= CpuState.CR4_OSXMMEXCPT;
        }
        descriptors.load(Segment.CS, HostDescriptors.KERNEL_CS);
        descriptors.load(Segment.SS, HostDescriptors.KERNEL_DS);
        descriptors.load(Segment.DS, HostDescriptors.KERNEL_DS);
        descriptors.load(Segment.ES, HostDescriptors.KERNEL_DS);
        descriptors.load(Segment.FS, 0);
        descriptors.load(Segment.GS, 0);
        linear.setCpl(HostDescriptors.GUEST_PL);
        cpu.gdtBase = SWITCHER;
        cpu.gdtLimit = HostDescriptors.ENTRIES * 8 - 1;
        cpu.idtBase = SWITCHER + cpu.gdtLimit + 1;
        cpu.idtLimit = IDT_LIMIT;
        cpu.ldtr.loadNull(0);
        // A TSS too short for an I/O permission bitmap: no port is the guest's.
        cpu.tr.loadNull(HostDescriptors.TSS);
    }

    // ---- what stopped the guest

    /**
     * INT 0x1F at CPL 1: what waits in the ring, then the call itself. Until it begins EIP stays at the instruction:
     * should an observer throw, the guest will call again. Should one set EIP, that is where the guest goes on.
     */
    private void hypercall(int self) {
        int next = cpu.eip;
        cpu.eip = self;
        if (data.known()) {
            ring.drain();
        }
        Generation.Registers registers = generation.registers();
        call.with(cpu.regs[registers.number()], cpu.regs[registers.a1()], cpu.regs[registers.a2()],
            cpu.regs[registers.a3()], false);
        if (!data.known() && call.number != Hypercalls.LGUEST_INIT) {
            throw new GuestKilled("hypercall %d before LGUEST_INIT", call.number);
        }
        boolean wanted = observer.before(call);
        if (cpu.eip == self) {
            cpu.eip = next;
        }
        try {
            if (wanted) {
                perform(call);
            }
        } finally {
            cpu.regs[registers.number()] = call.result;
        }
        descriptors.reload();
    }

    /** Makes a call that observers have seen. */
    void perform(Hypercall wanted) {
        HypercallTable.Handler handler = generation.calls().handler(wanted.number);
        if (handler == null) {
            throw new GuestKilled("Bad hypercall %d\n", wanted.number);
        }
        handler.call(this, wanted);
        observer.after(wanted);
    }

    /**
     * A fault of the guest, EIP at the instruction: settled by the Host or delivered to the guest's handler.
     *
     * @param errorCode 0 for vectors that have none
     */
    public void trap(int vector, int errorCode) {
        traps.trap(vector, errorCode);
    }

    /**
     * INT n, INT3 or INTO was executed.
     *
     * @param self its address; EIP is at the next instruction
     * @return whether the Host was called; false if the processor has gone through the guest's own gate
     */
    public boolean softwareInterrupt(int vector, int self) {
        if (vector == Gates.HYPERCALL && gates.permits(vector, cpu.cpl)) {
            hypercall(self);
            return true;
        }
        return traps.softwareInterrupt(vector, self);
    }

    /**
     * Lets the guest have what has come up meanwhile: calls waiting in its ring, then at most one interrupt.
     *
     * @return whether an interrupt was delivered or a halted guest was woken
     */
    public boolean injectInterrupt() {
        if (!data.known()) {
            return false;
        }
        ring.drain();
        descriptors.reload();
        return interrupts.inject();
    }

    // ---- interrupts and time

    /** @param line 0 to 31; it stays pending until it is delivered */
    @Override
    public void raise(int line) {
        interrupts.raise(line);
    }

    /** Bit n: line n is pending. */
    public int pending() {
        return interrupts.pending();
    }

    /** Whether something unblocked is pending, so that {@link #injectInterrupt} is worth a try soon. */
    public boolean interruptPending() {
        return interrupts.unblocked() != 0;
    }

    /** Whether the guest sleeps until {@link #injectInterrupt} wakes it. */
    public boolean halted() {
        return interrupts.halted();
    }

    /** A guest that sleeps goes on, without an interrupt: HALT may return at any time. */
    public void wake() {
        interrupts.wake();
    }

    /** {@link HostClock#nanos} at which {@link #expire} is due; {@link Long#MAX_VALUE} if never. */
    public long deadline() {
        return clockEvent.deadline();
    }

    /** The clock event's time has come: raises line 0. */
    public void expire() {
        clockEvent.expire();
    }

    // ---- DMA

    void sendDma(int key, int dma) {
        if (!bindings.isKey(key)) {
            throw new GuestKilled("bad sending DMA key");
        }
        output.send(key, dma);
    }

    /** Whether a key is for another guest, not for the launcher. */
    public boolean isShared(int key) {
        return KeySpace.isShared(bindings.identity(key));
    }

    /**
     * SEND_DMA on a {@linkplain #isShared shared} key: takes it to another guest.
     *
     * @return {@code used_len} of the struct afterwards
     */
    public int sendToGuest(int key, int dma) {
        return guestDma.send(key, dma);
    }

    @Override
    public int receive(int key, Parcel parcel) {
        return guestDma.receive(key, parcel);
    }

    /** GETDMA: where a device may put what it has for the guest. */
    @Override
    public int take(int key) {
        return bindings.take(key);
    }

    @Override
    public int takeInTurn(int key) {
        return bindings.takeInTurn(key);
    }

    @Override
    public int takeOrLast(int key) {
        return bindings.takeOrLast(key);
    }

    // ---- what others may look at

    /** Whether the guest has called LGUEST_INIT. */
    public boolean initialised() {
        return data.known();
    }

    public Generation generation() {
        return generation;
    }

    public HostConfig config() {
        return config;
    }

    public DescriptorTables tables() {
        return descriptors;
    }

    /**
     * The gate that handles a vector, as the guest's IDT would have it (SDM vol. 3A "IDT Descriptors").
     *
     * @param vector 0 to 255
     * @return both dwords, low one in bits 0 to 31; 0 where the guest has none
     */
    public long gate(int vector) {
        return gates.descriptor(vector);
    }

    /** Interrupt lines that the guest has blocked, line 0 in bit 0. None before LGUEST_INIT. */
    public int blocked() {
        return data.known() ? data.blocked() : 0;
    }

    /** The guest's virtual interrupt flag; set before LGUEST_INIT. */
    public boolean interruptsEnabled() {
        return !data.known() || (data.irqEnabled() & Eflags.IF) != 0;
    }

    public PageWalk walk() {
        return walk;
    }

    public DmaTable bindings() {
        return bindings;
    }

    // ---- between two runs

    /** Writes what the Host knows of its guest, for {@link #resume}. */
    public void save(DataOutput out) throws IOException {
        data.save(out);
        ring.save(out);
        descriptors.save(out);
        gates.save(out);
        shadows.save(out);
        kernelStack.save(out);
        interrupts.save(out);
        clockEvent.save(out);
        bindings.save(out);
    }

    /** In place of {@link #start}: the guest goes on where it was saved, once the processor has been loaded, too. */
    public void resume(DataInput in) throws IOException {
        linear.walk(walk);
        cpu.descriptorTables = descriptors;
        cpu.softwareInterrupts = traps::passes;
        data.load(in);
        ring.load(in);
        descriptors.load(in);
        gates.load(in);
        shadows.load(in);
        kernelStack.load(in);
        interrupts.load(in);
        clockEvent.load(in);
        bindings.load(in);
    }
}
