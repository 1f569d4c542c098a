package lguest.interp

import spock.lang.Title

@Title('Code that changes while it runs, on both engines')
class SelfModifyingBothSlowSpec extends SelfModifyingSlowSpec {
    @Override
    Engine engine() {
        Engine.BOTH
    }
}
