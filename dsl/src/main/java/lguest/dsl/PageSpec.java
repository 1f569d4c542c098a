package lguest.dsl;

import groovy.lang.Closure;

/**
 * The words inside {@code page(0xFEE00000) { }}: registers in a page of physical memory. Without {@code read} they read as zero, without
 * {@code write} they swallow. They are asked in the middle of an instruction, which is not over yet.
 */
public interface PageSpec {
    /** @param action gets the offset in the page, 0 to 4095, the value, unsigned, and, if it has three parameters, the width in bits */
    void write(Closure<?> action);

    /** @param action gives the value; gets the offset in the page and, if it has two parameters, the width in bits */
    void read(Closure<?> action);
}
