package lguest.host;

import java.util.Map;
import java.util.TreeMap;

/** The calls of a generation by number. */
public final class HypercallTable {
    /** Does what one call asks for. */
    @FunctionalInterface
    interface Handler {
        /** @throws lguest.cpu.GuestKilled if the arguments break the rules */
        void call(Host host, Hypercall call);
    }

    private static final int NUMBERS = 32;

    private final Handler[] handlers = new Handler[NUMBERS];
    private final String[] names = new String[NUMBERS];

    HypercallTable with(int number, String name, Handler handler) {
        if (handlers[number] != null) {
            throw new IllegalArgumentException("hypercall " + number + " is " + names[number] + " already");
        }
        handlers[number] = handler;
        names[number] = name;
        return this;
    }

    /** Null if there is no such call. */
    Handler handler(int number) {
        return number >= 0 && number < NUMBERS ? handlers[number] : null;
    }

    /** The name in lguest.h without {@code LHCALL_}; {@code hypercall 11} if there is none. */
    public String name(int number) {
        return handler(number) == null ? "hypercall " + number : names[number];
    }

    /** All names and their numbers. */
    public Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new TreeMap<>();
        for (int number = 0; number < NUMBERS; number++) {
            if (handlers[number] != null) {
                numbers.put(names[number], number);
            }
        }
        return numbers;
    }
}
