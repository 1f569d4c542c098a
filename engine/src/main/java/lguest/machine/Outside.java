package lguest.machine;

import lguest.device.Device;
import lguest.device.Foreign;
import lguest.device.Leftover;

/**
 * The border between a guest and everything that is not determined by it. Whatever crosses it comes by here, and nobody pays for that
 * while nobody looks: a {@link Recorder} to write it down, or a {@link Player} from whom it comes.
 */
final class Outside implements Foreign {
    private volatile Side side;

    /** @param newSide null for none */
    void side(Side newSide) {
        side = newSide;
    }

    Side side() {
        return side;
    }

    boolean watched() {
        return side != null;
    }

    /** Whether what happens has happened before: code of others is not called. */
    boolean past() {
        Side at = side;
        return at != null && at.past();
    }

    /** Whether the past ends here. */
    boolean atEnd() {
        return side instanceof Player player && player.atEnd();
    }

    /** Whether it goes through what has been, and is as late as the present. */
    boolean late() {
        return side instanceof Player player && player.late();
    }

    /** Whether it goes through what has been, is as late as the present, and has still something before it that takes no time. */
    boolean behind() {
        return side instanceof Player player && player.behind();
    }

    // ---- on the guest's thread

    /** Whether something has come in that came in then. */
    boolean between() {
        Side at = side;
        return at != null && at.between();
    }

    void passed() {
        Side at = side;
        if (at != null) {
            at.passed();
        }
    }

    void meet(Place.Kind kind) {
        Side at = side;
        if (at != null) {
            at.meet(kind);
        }
    }

    void part() {
        Side at = side;
        if (at != null) {
            at.part();
        }
    }

    void heldBack() {
        Side at = side;
        if (at != null) {
            at.heldBack();
        }
    }

    boolean expectsFault() {
        Side at = side;
        return at != null && at.expectsFault();
    }

    long nextInstructions() {
        Side at = side;
        return at == null ? Long.MAX_VALUE : at.nextInstructions();
    }

    long nextNanos() {
        Side at = side;
        return at == null ? Long.MAX_VALUE : at.nextNanos();
    }

    void begin() {
        Side at = side;
        if (at != null) {
            at.begin();
        }
    }

    void end() {
        Side at = side;
        if (at != null) {
            at.end();
        }
    }

    void visit(Runnable code) {
        Side at = side;
        if (at == null) {
            code.run();
        } else {
            at.visit(code);
        }
    }

    /** Does something to the guest for somebody. */
    void act(Guest guest, Input input) {
        Side at = side;
        if (at == null) {
            input.into(guest, Leftover.NOTHING);
        } else {
            at.act(input);
        }
    }

    @Override
    public void call(Leftover left, Runnable code) {
        Side at = side;
        if (at == null) {
            code.run();
        } else {
            at.call(left, code);
        }
    }

    // ---- on any thread

    @Override
    public void bring(Device device, String what, Runnable code) {
        Side at = side;
        if (at == null) {
            code.run();
        } else {
            at.bring(device, what, code);
        }
    }

    @Override
    public void raised(int line) {
        Side at = side;
        if (at != null) {
            at.raised(line);
        }
    }
}
