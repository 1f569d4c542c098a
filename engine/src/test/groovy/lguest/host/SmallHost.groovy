package lguest.host

import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.GuestKilled
import lguest.mem.LinearMemory
import lguest.mem.PhysicalMemory

/**
 * A Host and its guest's memory, without a processor to run anything: the spec plays the guest.
 *
 * <pre>
 * 0x000000 - 0x1FFFFF  RAM, mapped at PAGE_OFFSET      0x010000 directory  0x011000 its table
 * 0x200000             one more page that counts       0x020000 lguest_data  0x030000 table for linear 0x400000
 * </pre>
 */
class SmallHost {
    static final int PO = (int) 0xC0000000L
    static final int RAM = 0x200000
    static final int DIRECTORY = 0x10000
    static final int LINEAR = 0x11000
    static final int DATA = 0x20000
    static final int TABLE = 0x30000
    static final int STACK = PO + 0x80000
    static final int CODE = PO + 0x100000

    final PhysicalMemory physical = new PhysicalMemory(RAM + 0x1000)
    final CpuState cpu = new CpuState(model: CpuModel.PENTIUM2)
    final LinearMemory linear = new LinearMemory(cpu, physical, null)
    final Host host
    /** Key and struct of every SEND_DMA. */
    final List<List<Integer>> sent = []
    /** What else the launcher does on a SEND_DMA. */
    Closure<?> onSend = { }
    /** What observers were told. */
    final List<String> seen = []
    /** Whether they want to be told of all traps. */
    boolean watched = true
    long nanos = 0
    long wallNanos = 1_200_000_000_123_456_789

    SmallHost(boolean strict = false) {
        def clock = [nanos: { nanos }, wallNanos: { wallNanos }] as HostClock
        def output = { int key, int dma -> sent << [key, dma]; onSend(); 0 } as DmaOutput
        def observer = new HostObserver() {
            @Override
            void injected(int line) {
                seen << "line $line".toString()
            }

            @Override
            boolean watchesTraps() {
                watched
            }

            @Override
            void reflected(int vector, int error) {
                seen << "trap $vector".toString()
            }
        }
        (0..<(RAM >> 12)).each { physical.write32(LINEAR + it * 4, it << 12 | 7) }
        put(DIRECTORY + 768 * 4, LINEAR | 7)
        put(DIRECTORY + 4, TABLE | 7)
        physical.write(DATA + 0x14, [0xFF] * 64 as byte[], 0, 64)
        def config = new HostConfig((RAM >> 12) + 1, DIRECTORY, PO, 5, 1_000_000, strict)
        host = new Host(config, cpu, linear, clock, output, observer)
        host.start(CODE)
        cpu.regs[CpuState.ESP] = STACK
    }

    /** A guest that has called LGUEST_INIT. */
    static SmallHost initialised(boolean strict = false) {
        def small = new SmallHost(strict)
        small.call(1, DATA)
        return small
    }

    /** Makes a direct call and gives EAX. */
    int call(int number, long a1 = 0, long a2 = 0, long a3 = 0) {
        cpu.regs[CpuState.EAX] = number
        cpu.regs[CpuState.EDX] = (int) a1
        cpu.regs[CpuState.EBX] = (int) a2
        cpu.regs[CpuState.ECX] = (int) a3
        host.softwareInterrupt(0x1F, cpu.eip - 2)
        return cpu.regs[CpuState.EAX]
    }

    /** The reason a guest dies of; null if it lives. */
    static String killed(Closure<?> action) {
        try {
            action()
            return null
        } catch (GuestKilled e) {
            return e.message
        }
    }

    /** Fills a ring slot and marks it ready. */
    void slot(int n, int number, long a1 = 0, long a2 = 0, long a3 = 0) {
        [number, a1, a2, a3].eachWithIndex { value, i -> put(DATA + 0x54 + n * 16 + i * 4, value) }
        physical.write8(DATA + 0x14 + n, 0)
    }

    int status(int n) {
        physical.read8(DATA + 0x14 + n)
    }

    /** Loads a gate, from whatever ring; type 0x8E00 interrupt, 0x8F00 trap, plus DPL. */
    void gate(int vector, int handler, int type) {
        host.gates.load(vector, handler & 0xFFFF, handler & (int) 0xFFFF0000L | type)
    }

    /** Maps page n of linear 0x400000. */
    void pte(int n, long value) {
        put(TABLE + n * 4, value)
    }

    long pte(int n) {
        get(TABLE + n * 4)
    }

    void put(int address, long value) {
        physical.write32(address, (int) value)
    }

    long get(int address) {
        physical.read32(address) & 0xFFFFFFFFL
    }

    void irqEnabled(long value) {
        put(DATA, value)
    }

    long irqEnabled() {
        get(DATA)
    }

    void blocked(long value) {
        put(DATA + 4, value)
    }

    long register(int number) {
        cpu.regs[number] & 0xFFFFFFFFL
    }

    long eip() {
        cpu.eip & 0xFFFFFFFFL
    }

    /** The dwords on top of the ring-1 stack. */
    List<Long> frame(int dwords) {
        int at = cpu.regs[CpuState.ESP] - PO
        (0..<dwords).collect { get(at + it * 4) }
    }

    /** Puts flat ring 3 segments in force, as an IRET to user mode would. */
    void user(int eip, int esp) {
        table(flat())
        call(3, 0x40000, 32)
        call(7, 0x69, STACK, 1)
        [1: 0x73, 2: 0x7B, 3: 0x7B, 0: 0x7B].each { number, selector ->
            def descriptor = host.tables().descriptor(selector)
            cpu.segments[number].load(selector, (int) descriptor, (int) (descriptor >> 32))
        }
        linear.setCpl(3)
        cpu.eip = eip
        cpu.regs[CpuState.ESP] = esp
    }

    /** The descriptors of a flat guest, by index. */
    static Map<Integer, List<Long>> flat() {
        [12: [0xFFFFL, 0xCFBB00L], 13: [0xFFFFL, 0xCFB300L], 14: [0xFFFFL, 0xCFFB00L], 15: [0xFFFFL, 0xCFF300L]]
    }

    /** Writes a table for LOAD_GDT at 0x40000: zero but for these entries. */
    void table(Map<Integer, List<Long>> entries) {
        32.times {
            put(0x40000 + it * 8, (entries[it] ?: [0L])[0])
            put(0x40004 + it * 8, (entries[it] ?: [0L, 0L])[1])
        }
    }

    /** The high dword of a GDT entry. */
    long high(int index) {
        host.tables().descriptor(index << 3) >>> 32
    }

    long low(int index) {
        host.tables().descriptor(index << 3) & 0xFFFFFFFFL
    }
}
