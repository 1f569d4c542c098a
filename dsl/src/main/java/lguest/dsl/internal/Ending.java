package lguest.dsl.internal;

import lguest.dsl.ScriptExit;

/** With which status a script ends: what {@code exit} says, else the first failure's, else that of the first of its threads. */
public final class Ending {
    private int status;
    private boolean exited;

    /** It has come to its end, or its guests have. */
    public void with(int ended) {
        status = status != 0 ? status : ended;
    }

    /** It has ended, or what it does at the end has. @param ended the status of what was thrown */
    public void by(Throwable thrown, int ended) {
        boolean exits = thrown instanceof ScriptExit;
        if (exits || !exited) {
            with(ended);
        }
        exited |= exits;
    }

    /** @param ofThreads the status of the first of its threads that has failed, or 0 */
    public int status(int ofThreads) {
        return exited || status != 0 ? status : ofThreads;
    }
}
