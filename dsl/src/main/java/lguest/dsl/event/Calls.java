package lguest.dsl.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import lguest.device.Dma;
import lguest.dsl.PageEntry;
import lguest.dsl.SegmentEntry;
import lguest.machine.Guest;
import lguest.mem.PhysicalMemory;
import lguest.probe.Occurrence;

/** The hypercalls of lguest.h, each with its arguments by name. What can be set changes the call, in {@code before} and {@code replace}. */
public final class Calls {
    private static final int DESCRIPTOR_BYTES = 8;
    private static final int TLS_ENTRIES = 3;
    private static final int GDT_ENTRIES = 32;

    private Calls() {
    }

    static HypercallMade of(Occurrence occurrence, Guest guest) {
        return switch (guest.hypercalls().name(occurrence.number)) {
            case "LGUEST_INIT" -> new Init(occurrence, guest);
            case "CRASH" -> new Crash(occurrence, guest);
            case "LOAD_GDT" -> new LoadGdt(occurrence, guest);
            case "NEW_PGTABLE" -> new NewPgtable(occurrence, guest);
            case "FLUSH_TLB" -> new FlushTlb(occurrence, guest);
            case "LOAD_IDT_ENTRY" -> new LoadIdtEntry(occurrence, guest);
            case "SET_STACK" -> new SetStack(occurrence, guest);
            case "SET_CLOCKEVENT" -> new SetClockevent(occurrence, guest);
            case "TS" -> new TaskSwitched(occurrence, guest);
            case "BIND_DMA" -> new BindDma(occurrence, guest);
            case "SEND_DMA" -> new SendDma(occurrence, guest);
            case "SET_PTE" -> new SetPte(occurrence, guest);
            case "SET_PMD" -> new SetPmd(occurrence, guest);
            case "LOAD_TLS" -> new LoadTls(occurrence, guest);
            default -> new HypercallMade(occurrence, guest);
        };
    }

    /** Segments as they are in guest memory. */
    private static List<SegmentEntry> segments(PhysicalMemory memory, long physical, int count) {
        return IntStream.range(0, count).map(i -> (int) physical + i * DESCRIPTOR_BYTES)
            .mapToObj(at -> SegmentEntry.of(memory.read32(at), memory.read32(at + Integer.BYTES))).toList();
    }

    /** LGUEST_INIT. */
    public static final class Init extends HypercallMade {
        Init(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of {@code lguest_data}. */
        public long getAddress() {
            return getEdx();
        }
    }

    /** CRASH. */
    public static final class Crash extends HypercallMade {
        private static final int TEXT_BYTES = 127;

        Crash(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the text. */
        public long getAddress() {
            return getEdx();
        }

        /** The guest's last words: {@code Power down}. */
        public String getText() {
            byte[] bytes = new byte[TEXT_BYTES];
            guest().physical().read((int) getEdx(), bytes, 0, TEXT_BYTES);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }
    }

    /** LOAD_GDT. */
    public static final class LoadGdt extends HypercallMade {
        LoadGdt(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the table. */
        public long getAddress() {
            return getEdx();
        }

        /** How many entries it has. */
        public long getCount() {
            return getEbx();
        }

        /** The entries, decoded. */
        public List<SegmentEntry> getDescriptors() {
            return segments(guest().physical(), getAddress(), (int) Math.min(GDT_ENTRIES, getCount()));
        }
    }

    /** NEW_PGTABLE. */
    public static final class NewPgtable extends HypercallMade {
        NewPgtable(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the page directory. */
        public long getCr3() {
            return getEdx();
        }

        public void setCr3(Object value) {
            setEdx(value);
        }
    }

    /** FLUSH_TLB. */
    public static final class FlushTlb extends HypercallMade {
        FlushTlb(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Whether the kernel's pages are meant, too. */
        public boolean isAll() {
            return getEdx() != 0;
        }
    }

    /** LOAD_IDT_ENTRY. */
    public static final class LoadIdtEntry extends HypercallMade {
        LoadIdtEntry(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        public long getVector() {
            return getEdx();
        }

        /** The entry, decoded: {@code it.gate.offset}. */
        public SegmentEntry getGate() {
            return SegmentEntry.of((int) getEbx(), (int) getEcx());
        }
    }

    /** SET_STACK. */
    public static final class SetStack extends HypercallMade {
        SetStack(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        public long getSs() {
            return getEdx();
        }

        /** Where the kernel's stack of this task begins. */
        public long getEsp() {
            return getEbx();
        }

        /** How many pages of it must be mapped, 0 to 2. */
        public long getPages() {
            return getEcx();
        }
    }

    /** SET_CLOCKEVENT. */
    public static final class SetClockevent extends HypercallMade {
        SetClockevent(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** In how many nanoseconds the timer is to strike; 0 for never. */
        public long getDelta() {
            return getEdx();
        }

        public void setDelta(Object value) {
            setEdx(value);
        }
    }

    /** TS. */
    public static final class TaskSwitched extends HypercallMade {
        TaskSwitched(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Whether CR0.TS is set: the next use of the FPU faults. */
        public boolean isSet() {
            return getEdx() != 0;
        }
    }

    /** BIND_DMA. */
    public static final class BindDma extends HypercallMade {
        private static final int LINE = 0xFF;

        BindDma(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the array of {@code struct lguest_dma}. */
        public long getAddress() {
            return getEbx();
        }

        /** How many there are; 0 unbinds. */
        public long getBuffers() {
            return getEcx() >>> Byte.SIZE;
        }

        /** The interrupt that says that one is filled. */
        public long getLine() {
            return getEcx() & LINE;
        }
    }

    /** SEND_DMA. */
    public static final class SendDma extends HypercallMade {
        SendDma(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** What is sent: {@code call.dma.bytes}, {@code call.dma.text}. */
        public DmaView getDma() {
            return new DmaView(guest().physical(), (int) getEbx());
        }
    }

    /** A {@code struct lguest_dma} in guest memory. */
    public static final class DmaView {
        private final PhysicalMemory memory;
        private final int address;

        private DmaView(PhysicalMemory memory, int address) {
            this.memory = memory;
            this.address = address;
        }

        /** Physical. */
        public long getAddress() {
            return Integer.toUnsignedLong(address);
        }

        /** All sections, in order. */
        public byte[] getBytes() {
            return Dma.at(memory, address).bytes();
        }

        /** The bytes as UTF-8. */
        public String getText() {
            return new String(getBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return String.format("%d bytes at 0x%08x", getBytes().length, getAddress());
        }
    }

    /** SET_PTE. */
    public static final class SetPte extends HypercallMade {
        SetPte(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the page directory. */
        public long getCr3() {
            return getEdx();
        }

        public void setCr3(Object value) {
            setEdx(value);
        }

        /** The linear address whose entry it is. */
        public long getAddress() {
            return getEbx();
        }

        public void setAddress(Object value) {
            setEbx(value);
        }

        /** The new entry: {@code call.pte.present}, and {@code call.pte.writable = false} changes it. */
        public PageEntry getPte() {
            Occurrence call = occurrence();
            return PageEntry.ofTable("pte", () -> call.a3, value -> call.a3 = value);
        }

        public void setPte(Object value) {
            setEcx(value);
        }
    }

    /** SET_PMD. */
    public static final class SetPmd extends HypercallMade {
        SetPmd(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of the page directory. */
        public long getCr3() {
            return getEdx();
        }

        /** Which of its entries has changed, 0 to 1023. */
        public long getIndex() {
            return getEbx();
        }

        /** The entry, as it is in guest memory. */
        public PageEntry getPde() {
            PhysicalMemory memory = guest().physical();
            int at = (int) (getCr3() + getIndex() * Integer.BYTES);
            return PageEntry.ofDirectory("pde", () -> memory.read32(at), value -> memory.write32(at, value));
        }
    }

    /** LOAD_TLS. */
    public static final class LoadTls extends HypercallMade {
        LoadTls(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** Physical address of three segment descriptors. */
        public long getAddress() {
            return getEdx();
        }

        /** The three, decoded. */
        public List<SegmentEntry> getDescriptors() {
            return segments(guest().physical(), getAddress(), TLS_ENTRIES);
        }
    }
}
