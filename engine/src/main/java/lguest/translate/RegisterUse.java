package lguest.translate;

import java.util.List;

/** Decides which guest registers are worth local variables in a region: moving them there and back costs bytes, too. */
final class RegisterUse {
    private RegisterUse() {
    }

    /** @return bit n set: register n shall be local; those that are not mentioned never are */
    static int locals(List<Part> parts) {
        return 0;
    }
}
