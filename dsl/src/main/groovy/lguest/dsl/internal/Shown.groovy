package lguest.dsl.internal

import groovy.transform.CompileStatic

/** Console text in a message of one line. */
@CompileStatic
final class Shown {
    private static final int TAIL = 60

    private Shown() { }

    /** {@code it ends with '...login: '}. */
    static String tail(String text) {
        if (text.empty) {
            return 'nothing new was printed'
        }
        String shown = text.length() > TAIL ? '...' + text.substring(text.length() - TAIL) : text
        "it ends with '${shown.replace('\\', '\\\\').replace('\n', '\\n').replace('\r', '\\r')}'"
    }
}
