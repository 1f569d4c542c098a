package lguest.translate;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lguest.isa.Disassembler;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A region for people: each instruction of the guest, and below it the bytecode that it has become.
 *
 * <pre>
 * 0xc0101234  add    eax,ebx
 *         iload 19
 * </pre>
 */
public final class RegionText {
    private static final int MOST_OPCODE = 255;

    private RegionText() {
    }

    /** @param linear address of the region's first instruction, as it is mapped now */
    public static String of(Translation translation, int linear) {
        Source source = translation.source();
        List<Part> parts = Flow.of(source, translation.extent());
        Map<Integer, Step> steps = new HashMap<>();
        parts.forEach(part -> part.steps.forEach(step -> steps.put(step.at(), step)));
        byte[] classFile = RegionWriter.write(source, parts, "lguest/translate/Shown").classFile();
        StringBuilder text = new StringBuilder(String.format("region at physical %#010x, generation %d: %d instructions, %d bytes of bytecode%n",
            source.physicalPage() + source.entry(), source.optimized() ? 2 : 1, translation.instructions(), translation.codeBytes()));
        new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return name.equals("run") ? new Printer(text, steps, linear - source.entry()) : null;
            }
        }, ClassReader.SKIP_FRAMES);
        return text.toString().stripTrailing();
    }

    /** A line for each instruction of either kind. */
    private static final class Printer extends MethodVisitor {
        private static final String[] NAMES = names();

        private final StringBuilder text;
        private final Map<Integer, Step> steps;
        private final int page;
        private final Map<Label, Integer> labels = new HashMap<>();

        /** @param page linear address of the page's first byte */
        Printer(StringBuilder text, Map<Integer, Step> steps, int page) {
            super(Opcodes.ASM9);
            this.text = text;
            this.steps = steps;
            this.page = page;
        }

        /** The constants of {@link Opcodes} that are instructions, by number. */
        private static String[] names() {
            String[] names = new String[MOST_OPCODE];
            for (Field field : Opcodes.class.getFields()) {
                if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())
                    && !field.getName().matches("(ACC|T|F|V|H|ASM|SOURCE)[_0-9].*|ASM\\d+|V\\d.*")) {
                    try {
                        names[field.getInt(null)] = field.getName().toLowerCase(Locale.ROOT);
                    } catch (IllegalAccessException impossible) {
                        throw new AssertionError(impossible);
                    }
                }
            }
            return names;
        }

        private void line(int opcode, Object... operands) {
            List<String> words = new ArrayList<>(List.of(NAMES[opcode]));
            for (Object operand : operands) {
                words.add(String.valueOf(operand));
            }
            text.append("        ").append(String.join(" ", words)).append('\n');
        }

        private String name(Label label) {
            return "L" + labels.computeIfAbsent(label, it -> labels.size());
        }

        private static String simple(String type) {
            return type.substring(type.lastIndexOf('/') + 1);
        }

        @Override
        public void visitLineNumber(int line, Label start) {
            Step step = steps.get(line - RegionWriter.FIRST_LINE);
            text.append(step == null ? "behind the instructions\n"
                : String.format("%#010x  %s%n", page + step.at(), Disassembler.intel(step.insn(), page + step.at())));
        }

        @Override
        public void visitLabel(Label label) {
            text.append("      ").append(name(label)).append('\n');
        }

        @Override
        public void visitInsn(int opcode) {
            line(opcode);
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            line(opcode, operand);
        }

        @Override
        public void visitVarInsn(int opcode, int local) {
            line(opcode, local);
        }

        @Override
        public void visitIincInsn(int local, int by) {
            line(Opcodes.IINC, local, by);
        }

        @Override
        public void visitLdcInsn(Object value) {
            line(Opcodes.LDC, value);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            line(opcode, simple(type));
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            line(opcode, simple(owner) + "." + name);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            line(opcode, simple(owner) + "." + name + descriptor);
        }

        @Override
        public void visitJumpInsn(int opcode, Label to) {
            line(opcode, name(to));
        }

        @Override
        public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] to) {
            line(Opcodes.LOOKUPSWITCH, "else", name(otherwise));
            for (int i = 0; i < keys.length; i++) {
                text.append(String.format("          %#x %s%n", keys[i], name(to[i])));
            }
        }

        @Override
        public void visitTableSwitchInsn(int least, int most, Label otherwise, Label... to) {
            line(Opcodes.TABLESWITCH, "else", name(otherwise));
            for (int i = 0; i < to.length; i++) {
                text.append(String.format("          %#x %s%n", least + i, name(to[i])));
            }
        }
    }
}
