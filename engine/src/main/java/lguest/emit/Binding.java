package lguest.emit;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lguest.cpu.CpuState;
import lguest.mem.LinearMemory;
import lguest.sem.Alu;
import lguest.sem.Bcd;
import lguest.sem.Bits;
import lguest.sem.Control;
import lguest.sem.Far;
import lguest.sem.Mov;
import lguest.sem.MulDiv;
import lguest.sem.PackedArithmetic;
import lguest.sem.PackedLogic;
import lguest.sem.PackedMove;
import lguest.sem.PackedShift;
import lguest.sem.PackedShuffle;
import lguest.sem.Ports;
import lguest.sem.Segments;
import lguest.sem.Semantics;
import lguest.sem.Shift;
import lguest.sem.SseApproximate;
import lguest.sem.SseArithmetic;
import lguest.sem.SseCompare;
import lguest.sem.SseConvert;
import lguest.sem.SseState;
import lguest.sem.Stack;
import lguest.sem.Strings;
import lguest.sem.Sys;
import lguest.sem.X87Arithmetic;
import lguest.sem.X87Compare;
import lguest.sem.X87Constants;
import lguest.sem.X87Control;
import lguest.sem.X87Functions;
import lguest.sem.X87Load;
import lguest.sem.X87Move;
import lguest.sem.X87Store;
import lguest.sem.X87Transcendental;

/**
 * A semantic method and what each of its parameters wants: the word in the table's third column, looked up once.
 *
 * @param method static, marked {@link Semantics}
 * @param roles one for each parameter, in order
 * @param values how many parameters take operands of the row
 * @param byAddress the memory operand is wanted as segment and offset, not as its value
 * @param stores the result goes to the row's first operand
 */
record Binding(Method method, Role[] roles, int values, boolean byAddress, boolean stores) {

    /** What a parameter receives. */
    enum Role { CPU, MEMORY, BITS, OPERAND_BITS, SOURCE_BITS, ADDRESS_BITS, NEXT, SELF, CC, REPEAT, SEGMENT, OFFSET, VALUE }

    /** The classes behind each word that a key begins with. A word whose methods would crowd one class stands for several. */
    private static final Map<String, List<Class<?>>> CLASSES = Map.ofEntries(
        word("alu", Alu.class),
        word("bcd", Bcd.class),
        word("bits", Bits.class),
        word("control", Control.class),
        word("far", Far.class),
        word("mov", Mov.class),
        word("muldiv", MulDiv.class),
        word("packed", PackedArithmetic.class, PackedLogic.class, PackedMove.class, PackedShift.class, PackedShuffle.class),
        word("ports", Ports.class),
        word("segments", Segments.class),
        word("shift", Shift.class),
        word("sse", SseApproximate.class, SseArithmetic.class, SseCompare.class, SseConvert.class, SseState.class),
        word("stack", Stack.class),
        word("strings", Strings.class),
        word("sys", Sys.class),
        word("x87", X87Arithmetic.class, X87Compare.class, X87Constants.class, X87Control.class, X87Functions.class,
            X87Load.class, X87Move.class, X87Store.class, X87Transcendental.class));
    private static final Map<String, Map<String, Method>> METHODS = new HashMap<>();
    private static final Map<String, Binding> BINDINGS = new HashMap<>();

    /**
     * @param key {@code alu.adc}: a word for one or more classes of {@code lguest.sem}, and a method of theirs
     * @throws IllegalStateException if there is no such method or one of its parameters cannot be filled
     */
    static synchronized Binding of(String key) {
        Binding known = BINDINGS.get(key);
        if (known == null) {
            known = bind(key);
            BINDINGS.put(key, known);
        }
        return known;
    }

    private static Binding bind(String key) {
        int dot = key.indexOf('.');
        Method method = methods(key.substring(0, dot)).get(key.substring(dot + 1));
        if (method == null) {
            throw new IllegalStateException("instruction table: no @Semantics method for " + key);
        }
        Parameter[] parameters = method.getParameters();
        Role[] roles = new Role[parameters.length];
        int values = 0;
        boolean byAddress = false;
        for (int i = 0; i < roles.length; i++) {
            roles[i] = role(key, parameters[i]);
            values += roles[i] == Role.VALUE ? 1 : 0;
            byAddress |= roles[i] == Role.OFFSET;
        }
        return new Binding(method, roles, values, byAddress, method.getReturnType() == int.class);
    }

    private static Role role(String key, Parameter parameter) {
        if (parameter.getType() == CpuState.class) {
            return Role.CPU;
        }
        if (parameter.getType() == LinearMemory.class) {
            return Role.MEMORY;
        }
        if (parameter.getType() != int.class || !parameter.isNamePresent()) {
            throw new IllegalStateException("instruction table: cannot fill " + parameter + " of " + key);
        }
        return switch (parameter.getName()) {
            case "bits" -> Role.BITS;
            case "operandBits" -> Role.OPERAND_BITS;
            case "sourceBits" -> Role.SOURCE_BITS;
            case "addressBits" -> Role.ADDRESS_BITS;
            case "next" -> Role.NEXT;
            case "self" -> Role.SELF;
            case "cc" -> Role.CC;
            case "repeat" -> Role.REPEAT;
            case "segment" -> Role.SEGMENT;
            case "offset" -> Role.OFFSET;
            default -> Role.VALUE;
        };
    }

    private static Map<String, Method> methods(String word) {
        Map<String, Method> known = METHODS.get(word);
        if (known == null) {
            known = new HashMap<>();
            for (Class<?> type : classes(word)) {
                for (Method method : type.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(Semantics.class) && Modifier.isStatic(method.getModifiers())) {
                        known.put(method.getName(), method);
                    }
                }
            }
            METHODS.put(word, known);
        }
        return known;
    }

    private static List<Class<?>> classes(String word) {
        List<Class<?>> classes = CLASSES.get(word);
        if (classes == null) {
            throw new IllegalStateException("instruction table: no semantic class called " + word);
        }
        return classes;
    }

    private static Map.Entry<String, List<Class<?>>> word(String word, Class<?>... classes) {
        return Map.entry(word, List.of(classes));
    }
}
