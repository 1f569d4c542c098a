package lguest.translate

import groovy.transform.CompileStatic

/** A region that makes a mistake when it has done everything right. */
@CompileStatic
class Mistaken extends Region {
    private final Region right
    private final Runnable mistake

    Mistaken(Region right, Runnable mistake) {
        this.right = right
        this.mistake = mistake
        made(right.translation(), right.longest())
    }

    @Override
    Link run(int depth) {
        Link way = right.run(depth)
        try {
            mistake.run()
            way
        } catch (RuntimeException thrown) {
            fault(thrown)
        }
    }
}
