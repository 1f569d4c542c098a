package lguest.interp

import spock.lang.Title

@Title('Code that changes while it runs, translated')
class SelfModifyingTranslatedSlowSpec extends SelfModifyingSlowSpec {
    @Override
    Engine engine() {
        Engine.TRANSLATOR_AHEAD
    }
}
