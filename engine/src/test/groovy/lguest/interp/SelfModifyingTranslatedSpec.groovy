package lguest.interp

import spock.lang.Title

@Title('Code that changes while it runs, translated')
class SelfModifyingTranslatedSpec extends SelfModifyingSpec {
    @Override
    boolean translates() {
        true
    }
}
