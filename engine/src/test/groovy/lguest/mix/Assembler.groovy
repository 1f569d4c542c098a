package lguest.mix

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Bytes at physical addresses, with names for places among them. */
@CompileStatic
class Assembler {
    private final ByteBuffer image = ByteBuffer.allocate(Layout.BYTES).order(ByteOrder.LITTLE_ENDIAN)
    private final Map<String, Integer> labels = [:]
    private final List<Closure<Void>> fixups = []
    /** Physical address of the next byte. */
    int at = Layout.BASE
    private int names

    /** Bytes in hexadecimal, then doublewords. */
    Assembler emit(String hex, int... dwords) {
        for (byte each : hex.replace(' ', '').decodeHex()) {
            image.put(at++ - Layout.BASE, each)
        }
        for (int each : dwords) {
            image.putInt(at - Layout.BASE, each)
            at += 4
        }
        this
    }

    Assembler bytes(int... values) {
        for (int each : values) {
            image.put(at++ - Layout.BASE, (byte) each)
        }
        this
    }

    /** MOV of 1, 2 or 4 bytes to a linear address. */
    Assembler store(int linear, byte[] value) {
        emit([1: 'C605', 2: '66C705', 4: 'C705'][value.length], linear)
        put(at, value)
        at += value.length
        this
    }

    /** Doublewords elsewhere. */
    void put(int physical, int... values) {
        values.eachWithIndex { int value, int i -> image.putInt(physical - Layout.BASE + 4 * i, value) }
    }

    void put(int physical, byte[] values) {
        values.eachWithIndex { byte value, int i -> image.put(physical - Layout.BASE + i, value) }
    }

    /** A name that nothing has yet. */
    String fresh() {
        "label ${names++}"
    }

    Assembler label(String name) {
        labels[name] = at
        this
    }

    /** Linear address of a label, once everything is there. */
    int linear(String name) {
        Layout.KERNEL + labels[name]
    }

    /** An instruction whose last four bytes are the distance to a label. */
    Assembler jump(String hex, String name) {
        emit(hex, 0)
        int end = at
        fixups << { put(end - 4, labels[name] - end) }
        this
    }

    /** An instruction with the linear address of a label in it, and what follows. */
    Assembler address(String hex, String name, int... more) {
        emit(hex, 0)
        int end = at
        fixups << { put(end - 4, linear(name)) }
        emit('', more)
    }

    byte[] link() {
        fixups*.call()
        image.array()
    }
}
