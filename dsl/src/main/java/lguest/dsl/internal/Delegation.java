package lguest.dsl.internal;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.lang.MissingMethodException;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;

/** Runs the blocks of a script: the only place that touches the delegates of closures. */
public final class Delegation {
    private Delegation() {
    }

    /** A word that neither a block nor the script knows. */
    static final class UnknownWord extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Class<?> block;

        UnknownWord(Class<?> block, RuntimeException missing) {
            super(missing);
            this.block = block;
        }

        /** What the words of the block are declared by. */
        Class<?> block() {
            return block;
        }
    }

    /**
     * Runs a block whose words are the methods of an object; what that does not know is looked for in the script.
     *
     * @param spec declares the words, for suggestions when one is wrong
     */
    public static <T> T configure(
        @DelegatesTo(value = Object.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block, Class<? super T> spec, T words) {
        try {
            Closure<?> bound = bound(block, words);
            if (bound.getMaximumNumberOfParameters() == 0) {
                bound.call();
            } else {
                bound.call(words);
            }
            return words;
        } catch (MissingMethodException e) {
            throw isAbout(e.getType(), words) ? new UnknownWord(spec, e) : e;
        } catch (MissingPropertyException e) {
            throw isAbout(e.getType(), words) ? new UnknownWord(spec, e) : e;
        }
    }

    private static boolean isAbout(Class<?> type, Object words) {
        return type != null && (Script.class.isAssignableFrom(type) || type.isInstance(words));
    }

    /** A copy of a closure that looks for words in an object first. */
    public static Closure<?> bound(Closure<?> closure, Object words) {
        Closure<?> copy = (Closure<?>) closure.clone();
        copy.setResolveStrategy(Closure.DELEGATE_FIRST);
        copy.setDelegate(words);
        return copy;
    }
}
