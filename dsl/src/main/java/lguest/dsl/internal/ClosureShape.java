package lguest.dsl.internal;

import groovy.lang.Closure;
import java.util.List;
import java.util.function.Function;
import lguest.dsl.ScriptFailure;
import lguest.dsl.event.Happening;
import lguest.dsl.event.ScriptEvent;

/**
 * How a closure wants to be told of an event: {@code { it.name }} gets the event, {@code { cr3, vaddr, pte -> }} what it is made
 * of, {@code { HypercallMade call -> }} the event again, {@code { -> }} nothing.
 */
public final class ClosureShape {
    private ClosureShape() {
    }

    /**
     * @return calls the closure in its shape
     * @throws ScriptFailure if it wants more than the event has to give
     */
    public static Function<Happening, Object> adapt(ScriptEvent event, Closure<?> closure) {
        Class<?>[] parameters = closure.getParameterTypes();
        if (parameters.length == 0) {
            return happening -> closure.call();
        }
        if (parameters.length == 1 && (namesNothing(closure) || Happening.class.isAssignableFrom(parameters[0]))) {
            return happening -> closure.call(happening);
        }
        if (parameters.length > event.parameters()) {
            throw new ScriptFailure("a closure with " + parameters.length + " parameters: " + event + " has "
                + event.parameters());
        }
        return happening -> closure.call(happening.arguments().subList(0, parameters.length).toArray());
    }

    /** Calls a closure with so many arguments. Groovy, asked to, might take the list of them for the only one. */
    static Object call(Closure<?> closure, List<?> arguments) {
        return closure.call(arguments.toArray());
    }

    /** Whether the one parameter is the implicit {@code it}: the compiler adds a call without arguments for those. */
    private static boolean namesNothing(Closure<?> closure) {
        try {
            closure.getClass().getMethod("doCall");
            return true;
        } catch (NoSuchMethodException named) {
            return false;
        }
    }
}
