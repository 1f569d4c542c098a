package lguest.translate;

import java.lang.invoke.MethodHandles;
import net.bytebuddy.jar.asm.Type;

/**
 * Makes regions of class files. A class takes its constants from here when it is initialised, and leaves an instance: class data and a
 * reflected constructor would do the same, but for each of thousands of classes the JVM would have to make method handles first, which
 * is a quarter of the time that translating takes.
 */
final class Handover {
    static final String NAME = Type.getInternalName(Handover.class);
    /** Where the instance is left. */
    static final int INSTANCE = 0;
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static Object[] now;

    private Handover() {
    }

    /** @param constants of the class, from the second one on */
    static synchronized Region define(byte[] classFile, Object[] constants) {
        now = constants;
        try {
            LOOKUP.defineHiddenClass(classFile, true);
            return (Region) constants[INSTANCE];
        } catch (IllegalAccessException refused) {
            throw new IllegalStateException("translated code was refused: " + refused, refused);
        } finally {
            now = null;
        }
    }

    /** Called by the class that is being initialised. */
    static Object[] take() {
        return now;
    }
}
