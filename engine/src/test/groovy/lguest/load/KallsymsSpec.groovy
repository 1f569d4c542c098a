package lguest.load

import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.Title

@Title('symbols that a kernel carries with it')
class KallsymsSpec extends Specification {
    /** Tokens of one letter each, and a few of several where no letter of a name is. */
    static final Map<Integer, String> SHORTCUTS = [0x80: 'sys_', 0x81: 'do_', 0x82: 'T', 0x01: 'fault']

    private static String token(int code) {
        SHORTCUTS[code] ?: code in 0x21..0x7E ? Character.toString(code) : ''
    }

    private static List<Integer> compressed(String text) {
        def codes = []
        while (text) {
            def shortcut = SHORTCUTS.find { text.startsWith(it.value) }
            codes << (shortcut ? shortcut.key : (int) text.charAt(0))
            text = text.substring(shortcut ? shortcut.value.length() : 1)
        }
        codes
    }

    /** The tables for symbols, type letter first, as the kernel's build writes them. */
    private static byte[] tables(Map<String, Long> symbols) {
        def out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN)
        def align = { out.position(out.position() + 3 & ~3) }
        symbols.values().each { out.putInt((int) it) }
        out.putInt(symbols.size())
        int start = out.position()
        def markers = []
        symbols.keySet().eachWithIndex { name, i ->
            if (i % 256 == 0) {
                markers << out.position() - start
            }
            def codes = compressed(name)
            out.put((byte) codes.size())
            codes.each { out.put((byte) it) }
        }
        align()
        markers.each { out.putInt(it) }
        int tokens = out.position()
        def index = []
        (0..255).each {
            index << out.position() - tokens
            out.put(token(it).bytes).put((byte) 0)
        }
        align()
        index.each { out.putShort((short) it) }
        Arrays.copyOf(out.array(), out.position())
    }

    private static PhysicalMemory holding(byte[] bytes, int at) {
        def memory = new PhysicalMemory(4 << 20)
        memory.write(at, bytes, 0, bytes.length)
        memory
    }

    static final Map<String, Long> MANY = (0..<1000).collectEntries { [("T" + ['sys_', 'do_', 'my_'][it % 3] + "call$it" as String): 0xC0100000L + 16 * it] }

    def "finds #symbols.size() wherever they are: at #at"() {
        when:
        def found = Kallsyms.find(holding(tables(symbols), at)).orElse(null)

        then:
        found*.name() == symbols.keySet()*.substring(1)
        found*.address() == symbols.values()*.intValue()
        found*.type() == symbols.keySet().collect { it.charAt(0) }

        where:
        symbols                                                              | at
        [Tstart_kernel: 0xC0100000L, Tdo_page_fault: 0xC0100040L, djiffies: 0xC0200000L] | 0x100004
        [T_text: 0xC0100000L]                                                | 0x200000
        MANY.take(256)                                                       | 0x1000
        MANY.take(257)                                                       | 0x1000
        MANY                                                                 | 0x30000C
    }

    def "finds nothing where #what"() {
        given:
        def bytes = tables(MANY)
        spoil(bytes)

        expect:
        Kallsyms.find(holding(bytes, 0x1000)).empty

        where:
        what                           | spoil
        'there is nothing'             | { Arrays.fill(it, (byte) 0) }
        'the index does not fit'       | { it[it.length - 1]++ }
        'a marker is wrong'            | { int markers = tokens(it) - 8; it[markers]++ }
        'the count is wrong'           | { it[4 * MANY.size()] += 3 }
        'a name has no end'            | { it[4 * MANY.size() + 4] = (byte) 0xFF }
    }

    /** Where the table of tokens begins: empty ones, and the shortcut with the number 1. */
    private static int tokens(byte[] bytes) {
        new String(bytes, 'ISO-8859-1').indexOf('\0fault\0')
    }
}
