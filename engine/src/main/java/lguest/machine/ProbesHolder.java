package lguest.machine;

import lguest.probe.Probes;

/** The probes of a guest that does not exist yet: who is to be told of changes is known only later. */
final class ProbesHolder {
    private volatile Runnable onChange = () -> { };
    private final Probes probes = new Probes(() -> onChange.run());

    Probes get() {
        return probes;
    }

    void set(Runnable newOnChange) {
        onChange = newOnChange;
    }
}
