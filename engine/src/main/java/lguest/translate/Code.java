package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.isa.Operand;
import lguest.mem.Direct;
import lguest.mem.LinearMemory;
import lguest.mem.PhysicalMemory;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/**
 * The vocabulary of region methods: their local variables, constants, registers and memory. The operand stack is empty at every
 * label, and all locals have a value, so all frames are the same.
 */
final class Code {
    static final String CPU = Type.getInternalName(CpuState.class);
    static final String MEM = Type.getInternalName(LinearMemory.class);
    static final String REGION = Type.getInternalName(Region.class);
    static final String HEAT = Type.getInternalName(Heat.class);
    static final String LINK = Type.getInternalName(Link.class);
    static final String FLAGS = Type.getInternalName(LazyFlags.class);
    private static final String SEGMENT = Type.getInternalName(Segment.class);
    private static final String DIRECT = Type.getInternalName(Direct.class);

    /** The first are what is {@link Known}: those in daily use have instructions of one byte. */
    static final int X = Known.KEPT;
    static final int Y = X + 1;
    private static final int PLACE = Y + 1;
    /** What the TLB has for the first of two pages. */
    private static final int FIRST = PLACE + 1;
    static final int DEPTH = FIRST + 1;
    /** EIP of the region's first instruction. */
    static final int BASE = DEPTH + 1;
    /** Instructions that may still be executed. */
    static final int LEFT = BASE + 1;
    /** {@link LinearMemory#version} at the beginning, if that matters. */
    static final int VERSION = LEFT + 1;
    /** Where to resume, set where execution leaves or may: {@link #mark}, or the distance alone. */
    static final int MARK = VERSION + 1;
    static final int KIND = MARK + 1;
    static final int A = KIND + 1;
    static final int B = A + 1;
    static final int R = B + 1;
    static final int WAY = R + 1;
    private static final int REGISTERS = WAY + 1;
    private static final int REGISTER_COUNT = 8;
    private static final int WINDOWS = REGISTERS + REGISTER_COUNT;
    /** First of the four that a {@link lguest.emit.Body} uses, which need no frame. */
    static final int BODY = WINDOWS + Windows.MAX;

    final MethodVisitor visitor;
    private final String self;
    /** Bit n: register n lives in a local variable while the region runs. */
    private final int localRegisters;
    private final int windows;
    private final boolean optimized;
    private final List<Runnable> aside = new ArrayList<>();
    /** Where the located place is: in RAM at what a local variable has, and so many bytes further. */
    private int placeLocal;
    private int placeDistance;
    /** Null if accesses are to be checked. */
    private final RawMemory raw;

    /**
     * @param localRegisters bit n: register n shall be a local variable
     * @param windows how many there are
     * @param optimized it is made for C2
     */
    Code(MethodVisitor visitor, String self, int localRegisters, int windows, boolean optimized) {
        this.visitor = visitor;
        this.self = self;
        this.localRegisters = localRegisters;
        this.windows = windows;
        this.optimized = optimized;
        raw = RawMemory.INSTANCE == null ? null : new RawMemory(this, optimized);
    }

    // ---- small words

    void op(int opcode) {
        visitor.visitInsn(opcode);
    }

    void load(int local) {
        visitor.visitVarInsn(ILOAD, local);
    }

    void store(int local) {
        visitor.visitVarInsn(ISTORE, local);
    }

    void constant(int value) {
        if (value >= -1 && value <= 5) {
            op(ICONST_0 + value);
        } else if (value == (byte) value) {
            visitor.visitIntInsn(BIPUSH, value);
        } else if (value == (short) value) {
            visitor.visitIntInsn(SIPUSH, value);
        } else {
            visitor.visitLdcInsn(value);
        }
    }

    void set(int local, int value) {
        constant(value);
        store(local);
    }

    void jump(int opcode, Label to) {
        visitor.visitJumpInsn(opcode, to);
    }

    void label(Label here) {
        visitor.visitLabel(here);
        visitor.visitFrame(F_SAME, 0, null, 0, null);
    }

    /** A label where the operand stack holds one reference. */
    void labelWith(Label here, String type) {
        visitor.visitLabel(here);
        visitor.visitFrame(F_SAME1, 0, null, 1, new Object[] {type});
    }

    void call(String owner, String method, String descriptor) {
        visitor.visitMethodInsn(INVOKESTATIC, owner, method, descriptor, false);
    }

    void virtual(String owner, String method, String descriptor) {
        visitor.visitMethodInsn(INVOKEVIRTUAL, owner, method, descriptor, false);
    }

    void flags(String method, String descriptor) {
        call(FLAGS, method, descriptor);
    }

    /** Pushes a constant of the region's class. */
    void known(Known constant) {
        if (!optimized && constant.ordinal() < Known.KEPT) {
            visitor.visitVarInsn(ALOAD, constant.ordinal());
        } else {
            field(constant);
        }
    }

    private void field(Known constant) {
        visitor.visitFieldInsn(GETSTATIC, self, constant.name(), constant.descriptor());
    }

    void link(int number) {
        visitor.visitFieldInsn(GETSTATIC, self, "LINK" + number, "L" + LINK + ";");
    }

    void cpu() {
        known(Known.CPU);
    }

    void mem() {
        known(Known.MEM);
    }

    private void regs() {
        known(Known.REGS);
    }

    void cpuField(String name) {
        cpu();
        visitor.visitFieldInsn(GETFIELD, CPU, name, "I");
    }

    /** Pushes EIP at a distance from the region's first instruction. */
    void eip(int distance) {
        load(BASE);
        if (distance != 0) {
            constant(distance);
            op(IADD);
        }
    }

    /** How a part of the state is packed: the distance to resume at, and how many instructions were counted too early. */
    static int mark(int distance, int undone) {
        return undone << 16 | distance & 0xFFFF;
    }

    // ---- the method's frame

    /** @param comparesVersion {@link #VERSION} is asked for */
    void begin(boolean comparesVersion) {
        visitor.visitCode();
        if (HotSpot.COMPILERS == null) {
            unlessRehearsing();
        }
        load(1);
        store(DEPTH);
        for (int i = 0; i < Known.KEPT && !optimized; i++) {
            field(Known.values()[i]);
            visitor.visitVarInsn(ASTORE, i);
        }
        for (int local : new int[] {X, Y, PLACE, FIRST, MARK, KIND, A, B, R}) {
            set(local, 0);
        }
        for (int i = 0; i < windows; i++) {
            set(WINDOWS + i, 0);
        }
        op(ACONST_NULL);
        visitor.visitVarInsn(ASTORE, WAY);
        cpuField("eip");
        store(BASE);
        cpuField("budget");
        store(LEFT);
        if (comparesVersion) {
            mem();
            virtual(MEM, "version", "()I");
        } else {
            constant(0);
        }
        store(VERSION);
        reload();
        Object[] locals = new Object[windows != 0 ? WINDOWS + windows : localRegisters != 0 ? WINDOWS : REGISTERS];
        Arrays.fill(locals, INTEGER);
        for (int i = 0; i < Known.KEPT; i++) {
            locals[i] = optimized ? TOP : Known.values()[i].type();
        }
        locals[WAY] = LINK;
        for (int i = 0; REGISTERS + i < Math.min(locals.length, WINDOWS); i++) {
            locals[REGISTERS + i] = isLocal(i) ? INTEGER : TOP;
        }
        Label first = new Label();
        visitor.visitLabel(first);
        visitor.visitFrame(F_FULL, locals.length, locals, 0, new Object[0]);
    }

    private void unlessRehearsing() {
        Label real = new Label();
        load(1);
        // Not a Region.REHEARSAL.
        jump(IFGE, real);
        op(ACONST_NULL);
        op(ARETURN);
        label(real);
    }

    /** Pushes what a segment register shows. */
    void selector(int number) {
        cpu();
        visitor.visitFieldInsn(GETFIELD, CPU, "segments", "[L" + SEGMENT + ";");
        constant(number);
        op(AALOAD);
        visitor.visitFieldInsn(GETFIELD, SEGMENT, "selector", "I");
    }

    // ---- registers

    private boolean isLocal(int register) {
        return (localRegisters >>> register & 1) != 0;
    }

    void register(int number) {
        if (isLocal(number)) {
            load(REGISTERS + number);
        } else {
            regs();
            constant(number);
            op(IALOAD);
        }
    }

    /** Begins an assignment: the value is pushed next, then {@link #endSet}. */
    void beginSet(int number) {
        if (!isLocal(number)) {
            regs();
            constant(number);
        }
    }

    void endSet(int number) {
        if (isLocal(number)) {
            store(REGISTERS + number);
        } else {
            op(IASTORE);
        }
    }

    /** Adds a constant to a register of 32 bits. */
    void adjust(int number, int by) {
        if (isLocal(number) && by == (short) by) {
            visitor.visitIincInsn(REGISTERS + number, by);
        } else {
            beginSet(number);
            register(number);
            constant(by);
            op(IADD);
            endSet(number);
        }
    }

    /** Puts registers where {@link CpuState} has them. */
    void spill() {
        for (int i = 0; i < REGISTER_COUNT; i++) {
            if (isLocal(i)) {
                regs();
                constant(i);
                load(REGISTERS + i);
                op(IASTORE);
            }
        }
    }

    /** The contrary of {@link #spill}. */
    void reload() {
        for (int i = 0; i < REGISTER_COUNT; i++) {
            if (isLocal(i)) {
                regs();
                constant(i);
                op(IALOAD);
                store(REGISTERS + i);
            }
        }
    }

    /** Pushes a register operand, zero-extended. */
    void register(Operand.Register register) {
        int number = register.number();
        switch (register.bits()) {
            case 8 -> {
                register(number & 3);
                if (number >= 4) {
                    constant(8);
                    op(IUSHR);
                }
                constant(0xFF);
                op(IAND);
            }
            case 16 -> {
                register(number);
                constant(0xFFFF);
                op(IAND);
            }
            default -> register(number);
        }
    }

    /** As {@link #beginSet(int)} for registers of any width. */
    void beginSet(Operand.Register register) {
        int number = register.bits() == 8 ? register.number() & 3 : register.number();
        beginSet(number);
        if (register.bits() < 32) {
            register(number);
            constant(register.bits() == 16 ? 0xFFFF0000 : register.number() >= 4 ? 0xFFFF00FF : 0xFFFFFF00);
            op(IAND);
        }
    }

    /** @param cut the value may have bits beyond the register's width */
    void endSet(Operand.Register register, boolean cut) {
        if (register.bits() == 32) {
            endSet(register.number());
            return;
        }
        boolean high = register.bits() == 8 && register.number() >= 4;
        if (cut) {
            constant(register.bits() == 8 ? 0xFF : 0xFFFF);
            op(IAND);
        }
        if (high) {
            constant(8);
            op(ISHL);
        }
        op(IOR);
        endSet(register.bits() == 8 ? register.number() & 3 : register.number());
    }

    // ---- memory

    /** Pushes the linear address that a memory operand stands for in a flat segment. */
    void address(Operand.Memory memory) {
        address(memory.base(), memory.index(), memory.shift(), memory.displacement());
    }

    private void address(int base, int index, int shift, int displacement) {
        boolean empty = true;
        if (base != Operand.NO_REGISTER) {
            register(base);
            empty = false;
        }
        if (index != Operand.NO_REGISTER) {
            register(index);
            if (shift != 0) {
                constant(shift);
                op(ISHL);
            }
            if (!empty) {
                op(IADD);
            }
            empty = false;
        }
        if (empty) {
            constant(displacement);
        } else if (displacement != 0) {
            constant(displacement);
            op(IADD);
        }
    }

    /** Finds where in RAM something is, for what follows to fetch or to deposit; jumps if that takes the slow path. */
    void locate(Place place, Label miss) {
        address(place.base(), place.index(), place.shift(), place.displacement());
        find(place.write(), place.bytes(), PLACE, miss);
        placeLocal = PLACE;
        placeDistance = 0;
    }

    /** As {@link #locate(Place, Label)} for a place in a window. */
    void locate(Place place, Windows.View view, Label miss) {
        if (view.bytes() != 0) {
            address(place.base(), place.index(), place.shift(), place.displacement() - view.distance());
            find(view.write(), view.bytes(), WINDOWS + view.number(), miss);
        }
        placeLocal = WINDOWS + view.number();
        placeDistance = view.distance();
    }

    /**
     * Pops a linear address, and leaves where it is in RAM in a local variable, by {@link LinearMemory#readTable} or its like. Up to 4
     * bytes must lie on one page; more may reach into the next one if what is there follows in RAM, too. Written out, as C1 has a
     * method to inline otherwise for each of thousands of accesses.
     */
    private void find(boolean write, int bytes, int local, Label miss) {
        store(local);
        if (!optimized) {
            findAtOnce(write, bytes, local, miss);
            return;
        }
        Label astride = bytes > 4 ? new Label() : miss;
        if (bytes > 1) {
            load(local);
            constant(PhysicalMemory.PAGE_BYTES - 1);
            op(IAND);
            constant(PhysicalMemory.PAGE_BYTES - bytes);
            jump(IF_ICMPGT, astride);
        }
        delta(write, local, 0);
        place(local);
        jump(IFLT, miss);
        if (bytes > 4) {
            Label found = new Label();
            label(found);
            aside.add(() -> {
                label(astride);
                findAstride(write, bytes, local, miss);
                jump(GOTO, found);
            });
        }
    }

    /** With a single branch: for each of them C1 makes three basic blocks, which take it longer than what is in them. */
    private void findAtOnce(boolean write, int bytes, int local, Label miss) {
        if (bytes > 4) {
            findAstride(write, bytes, local, miss);
            return;
        }
        if (bytes > 1) {
            constant(PhysicalMemory.PAGE_BYTES - bytes);
            load(local);
            constant(PhysicalMemory.PAGE_BYTES - 1);
            op(IAND);
            op(ISUB);
        }
        delta(write, local, 0);
        place(local);
        if (bytes > 1) {
            op(IOR);
        }
        jump(IFLT, miss);
    }

    /** Looks for the first and the last byte: both must be in RAM, as far from one another as their addresses are. */
    private void findAstride(boolean write, int bytes, int local, Label miss) {
        delta(write, local, 0);
        op(DUP);
        store(FIRST);
        delta(write, local, bytes - 1);
        op(IXOR);
        op(DUP);
        op(INEG);
        // Not negative if both are the same.
        op(IOR);
        load(FIRST);
        place(local);
        op(IOR);
        jump(IFLT, miss);
    }

    /** Pops what the table has for a page; leaves where in RAM an address is in its local variable, and pushes it: negative if nowhere. */
    private void place(int local) {
        load(local);
        op(IADD);
        op(DUP);
        store(local);
    }

    /** Writes what has been put aside, as it is rarely executed. */
    void aside() {
        aside.forEach(Runnable::run);
    }

    /** Pushes what the table has for the page of a linear address so many bytes further than a local variable says. */
    private void delta(boolean write, int local, int distance) {
        Known table = write ? Known.WRITE : Known.READ;
        if (raw != null) {
            raw.beginEntry(table);
        } else {
            known(table);
        }
        load(local);
        if (distance != 0) {
            constant(distance);
            op(IADD);
        }
        constant(PhysicalMemory.PAGE_SHIFT);
        op(IUSHR);
        if (raw != null) {
            raw.endEntry();
        } else {
            op(IALOAD);
        }
    }

    /** The located place is now another, so many bytes further. */
    void further(int bytes) {
        placeDistance += bytes;
    }

    /** Pushes what is at the located place, zero-extended. */
    void fetch(int bits) {
        beginDeposit();
        if (raw != null) {
            raw.get(bits);
        } else {
            call(DIRECT, "read" + bits, "([BI)I");
        }
    }

    /** Begins a store to the located place: the value is pushed next, then {@link #endDeposit}. */
    void beginDeposit() {
        if (raw != null) {
            raw.place(placeLocal, placeDistance);
        } else {
            known(Known.RAM);
            load(placeLocal);
            constant(placeDistance);
            op(IADD);
        }
    }

    void endDeposit(int bits) {
        if (raw != null) {
            raw.put(bits);
        } else {
            call(DIRECT, "write" + bits, "([BII)V");
        }
    }
}
