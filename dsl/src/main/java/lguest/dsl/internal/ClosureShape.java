package lguest.dsl.internal;

import groovy.lang.Closure;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import lguest.dsl.ScriptFailure;
import lguest.dsl.event.Happening;
import lguest.dsl.event.ScriptEvent;

/**
 * How a closure wants to be told of an event. {@code { it.name }}, {@code { call -> call.name }}, {@code { event -> event.name }} and
 * {@code { HypercallMade made -> made.name }} get the event itself; {@code { cr3, vaddr, pte -> }} gets the values it is made of,
 * {@code { call, cr3 -> }} both, and {@code { -> }} nothing. Only hypercalls are made of values: to whatever else happens, a
 * parameter of any name is the event.
 */
public final class ClosureShape {
    /** Parameters of these names are the event, wherever its values could be meant, too. */
    private static final Set<String> NAMES = Set.of("it", "call", "event");

    private ClosureShape() {
    }

    /**
     * @return calls the closure in its shape
     * @throws ScriptFailure if it wants more than the event has to give
     */
    public static Function<Happening, Object> adapt(ScriptEvent event, Closure<?> closure) {
        int count = closure.getMaximumNumberOfParameters();
        if (count == 0) {
            return happening -> closure.call();
        }
        boolean whole = isWhole(closure, count);
        int values = count - (whole ? 1 : 0);
        if (whole && values == 0) {
            return namesNothing(closure.getClass()) ? direct(closure) : closure::call;
        }
        if (values > event.parameters()) {
            throw new ScriptFailure("a closure with " + values + " parameters: " + event + " has " + event.parameters());
        }
        return happening -> {
            List<Object> given = new ArrayList<>(happening.arguments().subList(0, values));
            if (whole) {
                given.add(0, happening);
            }
            return closure.call(given.toArray());
        };
    }

    /**
     * Calls the body of a closure without names for what it takes, of which there is one, and does not ask Groovy each time which
     * that is: a hook may be called a million times in a second.
     */
    private static Function<Happening, Object> direct(Closure<?> closure) {
        MethodHandle body;
        try {
            body = MethodHandles.publicLookup().findVirtual(closure.getClass(), "doCall", MethodType.methodType(Object.class, Object.class))
                .bindTo(closure);
        } catch (ReflectiveOperationException otherwise) {
            return closure::call;
        }
        return happening -> {
            try {
                return (Object) body.invokeExact((Object) happening);
            } catch (Throwable thrown) {
                throw ClosureShape.<RuntimeException>asItIs(thrown);
            }
        };
    }

    /** What Groovy throws need not be declared. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Calls a closure with so many arguments. Groovy, asked to, might take the list of them for the only one. */
    static Object call(Closure<?> closure, List<?> arguments) {
        return closure.call(arguments.toArray());
    }

    /** Whether the first parameter is the event. */
    private static boolean isWhole(Closure<?> closure, int count) {
        return Happening.class.isAssignableFrom(closure.getParameterTypes()[0]) || NAMES.contains(firstName(closure, count))
            || count == 1 && namesNothing(closure.getClass());
    }

    /** What the first parameter is called; nothing where the compiler did not write that down. */
    private static String firstName(Closure<?> closure, int count) {
        return Arrays.stream(closure.getClass().getMethods())
            .filter(method -> method.getName().equals("doCall") && method.getParameterCount() == count)
            .map(method -> method.getParameters()[0]).filter(Parameter::isNamePresent).map(Parameter::getName).findFirst().orElse("");
    }

    /** Whether the one parameter is the implicit {@code it}: the compiler adds a call without arguments for those. */
    private static boolean namesNothing(Class<?> closure) {
        try {
            closure.getMethod("doCall");
            return true;
        } catch (NoSuchMethodException named) {
            return false;
        }
    }
}
