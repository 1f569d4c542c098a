package lguest.dsl;

import groovy.lang.Closure;

/** The words inside {@code port(0xE9) { }}. Without {@code read} a port reads as all ones, without {@code write} it swallows. */
public interface PortSpec {
    /** @param action gets the value, unsigned; if it has two parameters, also the width in bits */
    void write(Closure<?> action);

    /** @param action gives the value; its parameter, if it has one, is the width in bits */
    void read(Closure<?> action);

    /** Ends the guest. The value is its {@code exitValue} and, unless the script says otherwise, the script's exit status. */
    void exit(Object value);
}
