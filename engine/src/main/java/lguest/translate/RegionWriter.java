package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lguest.isa.Operand;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/**
 * Writes the class of a region: one method, in which guest jumps are Java jumps.
 *
 * <pre>
 * begin    locals and registers
 * parts    in order; each counts its instructions first
 * aside    what of them is rarely executed
 * ways     out of the region, one for each place that is outside: a Link to remember the next region
 * misses   one for each place where the interpreter may have to go on
 * fault    a semantic method has thrown: counts back, leaves EIP at the instruction
 * miss     as fault, for the interpreter
 * exits    write back what of the state is not there yet
 * </pre>
 */
final class RegionWriter {
    /** Line number of what is at the beginning of a page: instructions are lines, for {@link RegionText}. */
    static final int FIRST_LINE = 1;
    /** What no instruction is the reason for. */
    private static final int BEHIND = FIRST_LINE + 0x1000;
    private static final String OBJECTS = "[Ljava/lang/Object;";
    private static final int FIRST_KNOWN = Handover.INSTANCE + 1;
    private static final int FIRST_LINK = FIRST_KNOWN + Known.values().length;

    private final Source source;
    private final List<Part> parts;
    private final String name;
    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    private final Code code;
    private final Emitter emitter;
    private final FlagFlow flagFlow;
    private final int longest;

    private final Map<Part, Label> labels = new HashMap<>();
    private final Map<Integer, Label> ways = new HashMap<>();
    private final List<Integer> wayTargets = new ArrayList<>();
    private final Map<Part, Label> backEdges = new HashMap<>();
    private final List<Part> backTargets = new ArrayList<>();
    private final Map<Integer, Label> misses = new LinkedHashMap<>();
    private final Label miss = new Label();
    final Label fault = new Label();
    private final Label exitNowhere = new Label();
    private final Label exitSettled = new Label();
    private final Label exit = new Label();
    private final Label back = new Label();
    private int links;
    private final BitSet crossings = new BitSet();

    private RegionWriter(Source source, List<Part> parts, String name) {
        this.source = source;
        this.parts = parts;
        this.name = name;
        longest = parts.stream().mapToInt(part -> part.steps.size()).sum();
        writer.visit(V17, ACC_FINAL | ACC_SUPER, name, null, Code.REGION, null);
        MethodVisitor method = writer.visitMethod(ACC_PUBLIC | ACC_FINAL, "run", "(I)L" + Code.LINK + ";", null, null);
        Windows windows = new Windows(parts);
        flagFlow = new FlagFlow(parts, windows);
        code = new Code(method, name, RegisterUse.locals(parts), windows.count(), source.optimized());
        emitter = new Emitter(this, code, windows);
    }

    /**
     * A class file and what it needs.
     *
     * @param crossings which links are those of INT or IRET
     */
    record Written(byte[] classFile, int links, BitSet crossings, int longest, int codeBytes) {
    }

    /** @param name internal name of the class, in this package */
    static Written write(Source source, List<Part> parts, String name) {
        RegionWriter region = new RegionWriter(source, parts, name);
        int codeBytes = region.run();
        region.constructor();
        region.initialiser();
        region.writer.visitEnd();
        return new Written(region.writer.toByteArray(), region.links, region.crossings, region.longest, codeBytes);
    }

    // ---- the method

    private int run() {
        parts.forEach(part -> labels.put(part, new Label()));
        Label start = new Label();
        code.visitor.visitLabel(start);
        code.begin(parts.stream().flatMap(part -> part.steps.stream()).anyMatch(step -> step.calls() || !step.isEmitted(true)));
        doubt();
        beat();
        Set<Part> loops = new HashSet<>();
        parts.forEach(from -> from.successors().stream().filter(to -> to.index <= from.index).forEach(loops::add));
        for (int i = 0; i < parts.size(); i++) {
            part(parts.get(i), loops.contains(parts.get(i)), i + 1 < parts.size() ? parts.get(i + 1) : null);
        }
        line(BEHIND);
        code.aside();
        backEdges();
        wayOuts();
        misses();
        ends();
        Label end = new Label();
        code.visitor.visitLabel(end);
        code.visitor.visitMaxs(0, 0);
        code.visitor.visitEnd();
        return end.getOffset() - start.getOffset();
    }

    private void part(Part part, boolean loops, Part following) {
        code.label(labels.get(part));
        if (loops) {
            doubt();
        }
        emitter.begin(part, flagFlow);
        code.visitor.visitIincInsn(Code.LEFT, -part.steps.size());
        for (int i = 0; i < part.steps.size(); i++) {
            Step step = part.steps.get(i);
            line(FIRST_LINE + step.at());
            emitter.step(step, i);
        }
        if (flowsOn(part) && (part.next == null || part.next != following)) {
            code.jump(GOTO, part.next == null ? way(part.end()) : to(part, part.next));
        }
    }

    /** Whether what follows a part can be reached from its last instruction. */
    private static boolean flowsOn(Part part) {
        Step last = part.last();
        return !last.ends() || last.isConditional() || last.repeats() || last.calls() && part.next != null;
    }

    /** Where a jump from one part to another has to go: backwards only with enough budget. */
    Label to(Part from, Part to) {
        if (to.index > from.index) {
            return labels.get(to);
        }
        return backEdges.computeIfAbsent(to, part -> {
            backTargets.add(part);
            return new Label();
        });
    }

    /** Where a direct jump at the end of a part has to go. */
    Label target(Part part) {
        return part.taken != null ? to(part, part.taken) : way(part.last().target());
    }

    /** The way out to an instruction outside, by its offset from the beginning of the page. */
    Label way(int offset) {
        return ways.computeIfAbsent(offset, at -> {
            wayTargets.add(at);
            return new Label();
        });
    }

    /** The way out where an instruction cannot be done here. @param mark {@link Code#mark} of the first one that is not */
    Label miss(int mark) {
        return misses.computeIfAbsent(mark, at -> new Label());
    }

    int distance(int offset) {
        return offset - source.entry();
    }

    int longest() {
        return longest;
    }

    /** Pushes a new link. */
    void link() {
        code.link(links++);
    }

    /** As {@link #link} of an instruction behind which the mode may be another. */
    void crossing() {
        crossings.set(links);
        link();
    }

    Label exitNowhere() {
        return exitNowhere;
    }

    /** As {@link #exitNowhere} where flags are in the processor's state. */
    Label exitSettled() {
        return exitSettled;
    }

    Label exit() {
        return exit;
    }

    /** Back to the caller with a state that is complete already. */
    Label back() {
        return back;
    }

    private void line(int number) {
        Label here = new Label();
        code.visitor.visitLabel(here);
        code.visitor.visitLineNumber(number, here);
    }

    private void backEdges() {
        for (Part part : backTargets) {
            code.label(backEdges.get(part));
            beat();
            code.load(Code.LEFT);
            code.constant(longest);
            // The condition is not that of the jump back: in a method that it compiles while it runs, C2 takes one of those that has not
            // been reached yet for one that never will be, whatever it is to doubt.
            Label out = new Label();
            code.jump(IF_ICMPLT, out);
            code.jump(GOTO, labels.get(part));
            code.label(out);
            code.constant(distance(part.start));
            code.store(Code.MARK);
            code.jump(GOTO, exitNowhere);
        }
    }

    private void beat() {
        if (!source.optimized()) {
            code.known(Known.HEAT);
            code.virtual(Code.HEAT, "beat", "()V");
        }
    }

    /** Where C2 may begin. */
    private void doubt() {
        if (source.optimized()) {
            code.call(Type.getInternalName(Doubt.class), "nothing", "()V");
        }
    }

    private void wayOuts() {
        for (int offset : wayTargets) {
            code.label(ways.get(offset));
            code.constant(distance(offset));
            code.store(Code.MARK);
            link();
            code.visitor.visitVarInsn(ASTORE, Code.WAY);
            code.jump(GOTO, exit);
        }
    }

    private void misses() {
        misses.forEach((mark, here) -> {
            code.label(here);
            code.set(Code.MARK, mark);
            code.jump(GOTO, miss);
        });
    }

    /**
     * C1 puts what leads to a return behind everything else, so that what is executed lies together: each of these returns. Flags are
     * settled last: C2 may make a call of that, and what is needed behind a call it keeps in memory, even in a loop that leads here once.
     */
    private void ends() {
        if (emitter.throwsFaults()) {
            code.labelWith(fault, "java/lang/RuntimeException");
            resumeAtMark();
            code.cpu();
            leave();
            settle();
            code.call(Code.REGION, "fault", "(Ljava/lang/RuntimeException;)L" + Code.LINK + ";");
            code.op(ARETURN);
        }
        code.label(miss);
        resumeAtMark();
        writeBack();
        settle();
        code.visitor.visitFieldInsn(GETSTATIC, Code.LINK, "INTERPRET", "L" + Code.LINK + ";");
        code.op(ARETURN);
        code.label(exitNowhere);
        code.op(ACONST_NULL);
        code.visitor.visitVarInsn(ASTORE, Code.WAY);
        code.label(exit);
        writeBack();
        settle();
        code.visitor.visitVarInsn(ALOAD, Code.WAY);
        code.op(ARETURN);
        code.label(exitSettled);
        writeBack();
        code.op(ACONST_NULL);
        code.op(ARETURN);
        code.label(back);
        code.visitor.visitVarInsn(ALOAD, Code.WAY);
        code.op(ARETURN);
    }

    private void writeBack() {
        code.spill();
        code.cpu();
        leave();
    }

    /** With the processor's state on the stack: EIP and the budget that is left go there. */
    private void leave() {
        code.load(Code.BASE);
        code.load(Code.MARK);
        code.op(IADD);
        code.load(Code.LEFT);
        code.call(Code.REGION, "leave", "(L" + Code.CPU + ";II)V");
    }

    private void settle() {
        code.cpu();
        code.load(Code.KIND);
        code.load(Code.A);
        code.load(Code.B);
        code.load(Code.R);
        code.flags("settle", "(L" + Code.CPU + ";IIII)V");
    }

    /** Takes {@link Code#mark} apart. */
    private void resumeAtMark() {
        code.load(Code.LEFT);
        code.load(Code.MARK);
        code.constant(16);
        code.op(IUSHR);
        code.op(IADD);
        code.store(Code.LEFT);
        code.load(Code.MARK);
        code.op(I2S);
        code.store(Code.MARK);
    }

    // ---- the class around it

    private void constructor() {
        MethodVisitor constructor = writer.visitMethod(ACC_PRIVATE, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, Code.REGION, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
    }

    /** Takes the constants from the {@link Handover}, where what is {@link Known} is followed by the links. */
    private void initialiser() {
        MethodVisitor method = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        method.visitCode();
        method.visitMethodInsn(INVOKESTATIC, Handover.NAME, "take", "()" + OBJECTS, false);
        method.visitVarInsn(ASTORE, 0);
        for (Known constant : Known.values()) {
            constantField(method, FIRST_KNOWN + constant.ordinal(), constant.name(), constant.descriptor(), constant.type());
        }
        for (int i = 0; i < links; i++) {
            constantField(method, FIRST_LINK + i, "LINK" + i, "L" + Code.LINK + ";", Code.LINK);
        }
        method.visitVarInsn(ALOAD, 0);
        method.visitIntInsn(SIPUSH, Handover.INSTANCE);
        method.visitTypeInsn(NEW, name);
        method.visitInsn(DUP);
        method.visitMethodInsn(INVOKESPECIAL, name, "<init>", "()V", false);
        method.visitInsn(AASTORE);
        method.visitInsn(RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private void constantField(MethodVisitor method, int index, String field, String descriptor, String type) {
        writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, field, descriptor, null, null).visitEnd();
        method.visitVarInsn(ALOAD, 0);
        method.visitIntInsn(SIPUSH, index);
        method.visitInsn(AALOAD);
        method.visitTypeInsn(CHECKCAST, type);
        method.visitFieldInsn(PUTSTATIC, name, field, descriptor);
    }
}
