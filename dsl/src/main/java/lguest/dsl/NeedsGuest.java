package lguest.dsl;

/** A tool was started without a guest to be about. */
public final class NeedsGuest extends ScriptFailure {
    private static final long serialVersionUID = 1L;

    public NeedsGuest() {
        super("attach: there is no guest: lguest --script=TOOL 64m vmlinux, or build one first");
    }
}
