package lguest.checklist

import lguest.machine.GuestConfig

/** For guests of which every instruction is translated before it is executed for the first time, interpreted, too, and compared. */
trait OnBothEngines {
    GuestConfig configure(GuestConfig config) {
        Puppy.onBothEngines(config)
    }

    Puppy getPuppy() {
        Puppy.ON_BOTH_ENGINES
    }
}
