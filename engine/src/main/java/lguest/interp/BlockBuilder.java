package lguest.interp;

import java.util.ArrayList;
import java.util.List;
import lguest.cpu.CpuFault;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.emit.Op;
import lguest.emit.Ops;
import lguest.isa.CodeBytes;
import lguest.isa.Decoder;
import lguest.isa.Insn;
import lguest.isa.Operand;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;

/** Finds the block at an address, decoding it if it is new. */
final class BlockBuilder {
    /** Long enough that few blocks reach it. */
    private static final int MAX_INSTRUCTIONS = 48;

    private final CpuState cpu;
    private final LinearMemory mem;
    private final PhysicalMemory physical;
    private final CodeCache cache;
    private final Breakpoints breakpoints;

    BlockBuilder(CpuState cpu, LinearMemory mem, CodeCache cache, Breakpoints breakpoints) {
        this.cpu = cpu;
        this.mem = mem;
        this.physical = mem.physical();
        this.cache = cache;
        this.breakpoints = breakpoints;
    }

    /** @throws lguest.cpu.CpuFault if the first instruction cannot be fetched */
    Block find(int linear, int mode) {
        int address = place(linear);
        if ((mode & Mode.FLAT_CODE) == 0 && Integer.compareUnsigned(cpu.eip, cpu.segments[Segment.CS].limit) > 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        cache.makeRoom();
        PageCode page = cache.page(address);
        Block known = page.byOffset[address & 0xFFF];
        if (known != null && known.mode == mode && insideLimit(known) && stillThere(known, linear)) {
            return known;
        }
        Block block = build(linear, address, mode, page);
        if (known != null) {
            cache.discard(known);
        }
        cache.add(block);
        return block;
    }

    /** Where code is. Nothing but RAM is ever executed from; what answers elsewhere, if anything, is all ones. */
    private int place(int linear) {
        int address = mem.translateCode(linear);
        if (!physical.contains(address, 1) || (physical.marks(address) & PhysicalMemory.DEVICE) != 0) {
            throw cpu.fault(Vector.UD, 0);
        }
        return address;
    }

    /** The block at an address in a flat code segment if there is one and nothing has to be done to find it; else null. */
    Block known(int linear, int mode) {
        int address = mem.knownCode(linear);
        Block known = address < 0 ? null : cache.known(address);
        return known != null && known.mode == mode && (known.secondPage < 0 || mem.knownCode((linear | 0xFFF) + 1) == known.secondPage)
            ? known : null;
    }

    /**
     * Blocks are shared between code segments of any limit but none at all: one that reaches too far for this one is cut anew.
     */
    private boolean insideLimit(Block block) {
        int limit = cpu.segments[Segment.CS].limit;
        return limit == -1 || Integer.compareUnsigned(cpu.eip + block.lengthBytes - 1, limit) <= 0;
    }

    /** A block that crosses into a second page holds only while both pages are mapped as they were. */
    private boolean stillThere(Block block, int linear) {
        return block.secondPage < 0 || mem.translateCode((linear | 0xFFF) + 1) == block.secondPage;
    }

    private Block build(int linear, int address, int mode, PageCode page) {
        boolean code32 = (mode & Mode.CODE32) != 0;
        Fetch fetch = new Fetch(linear);
        List<Op> ops = new ArrayList<>();
        int at = 0;
        boolean setsEip = false;
        boolean changesMode = false;
        boolean jumpsIndirectly = false;
        while (ops.size() < MAX_INSTRUCTIONS) {
            if (at > 0 && ((linear + at ^ linear) >>> 12 != 0 || breakpoints.contains(linear + at))) {
                break;
            }
            fetch.restart(at, at > 0);
            Insn insn;
            try {
                insn = Decoder.decode(fetch, code32);
            } catch (Fetch.BeyondPage next) {
                break;
            } catch (CpuFault beyondLimit) {
                if (at > 0) {
                    break;
                }
                throw beyondLimit;
            }
            boolean alone = insn.row().alone();
            if (alone && at > 0) {
                break;
            }
            Op op = Ops.of(insn, at, (mode & Mode.FLAT_DATA) != 0, code32, cpu.model);
            ops.add(op);
            at += insn.length();
            setsEip = Ops.ends(insn);
            changesMode = Ops.changesMode(insn);
            jumpsIndirectly = insn.row().semantics().equals("control.jmp") && !(insn.operands().get(0) instanceof Operand.Target);
            if (setsEip || alone || fetch.crossed()) {
                break;
            }
        }
        int secondPage = (linear + at - 1 ^ linear) >>> 12 != 0 ? mem.translateCode((linear | 0xFFF) + 1) : -1;
        return new Block(ops.toArray(new Op[0]), at, mode, setsEip, changesMode, address, secondPage, page, jumpsIndirectly);
    }

    /** Instruction bytes from linear memory; only a block's first instruction may reach into the next page. */
    private final class Fetch implements CodeBytes {
        private final int start;
        private int at;
        private boolean stayOnPage;

        Fetch(int start) {
            this.start = start;
        }

        void restart(int distance, boolean onPage) {
            at = distance;
            stayOnPage = onPage;
        }

        boolean crossed() {
            return (start + at - 1 ^ start) >>> 12 != 0;
        }

        @Override
        public int next() {
            int linear = start + at;
            if (stayOnPage && (linear ^ start) >>> 12 != 0) {
                throw BEYOND_PAGE;
            }
            Segment cs = cpu.segments[Segment.CS];
            if (cs.limit != -1 && Integer.compareUnsigned(cpu.eip + at, cs.limit) > 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            at++;
            return physical.look8(place(linear));
        }

        /** The next instruction belongs to a block of its own. */
        private static final class BeyondPage extends RuntimeException {
            private static final long serialVersionUID = 1L;

            private BeyondPage() {
                super(null, null, false, false);
            }
        }

        private static final BeyondPage BEYOND_PAGE = new BeyondPage();
    }
}
