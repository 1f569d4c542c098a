package lguest.mix

import groovy.transform.CompileStatic

/** One thing that a guest of the mix does in each round. It is the same whatever else is done, so others can be left out. */
@CompileStatic
class Act {
    private final String name
    private final Closure<?> code

    Act(String name, Closure<?> code) {
        this.name = name
        this.code = code
    }

    void emit() {
        code.call()
    }

    String toString() {
        name
    }
}
