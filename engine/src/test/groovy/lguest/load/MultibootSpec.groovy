package lguest.load

import java.nio.file.Files
import java.nio.file.Path
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.TempDir

import static lguest.load.Images.*

class MultibootSpec extends Specification {
    static final int MIB = 1 << 20
    static final int MAGIC = 0x1BADB002

    @TempDir
    Path folder

    def memory = new PhysicalMemory(16 * MIB)

    static byte[] header(int flags = 3, int... more) {
        def out = buffer(12 + 4 * more.length + 64)
        out.putInt(MAGIC).putInt(flags).putInt(-(MAGIC + flags))
        more.each { out.putInt(it) }
        return out.array()
    }

    Path write(String name, byte[] bytes) {
        Files.write(folder.resolve(name), bytes)
    }

    BareImage load(byte[] image, String commandLine = '', List<Multiboot.Module> modules = []) {
        Multiboot.load(memory, write('image', image), commandLine, modules)
    }

    String text(int at) {
        def out = new ByteArrayOutputStream()
        for (int i = at; memory.read8(i) != 0; i++) {
            out.write(memory.read8(i))
        }
        return out.toString('UTF-8')
    }

    byte[] bytes(int at, int length) {
        def bytes = new byte[length]
        memory.read(at, bytes, 0, length)
        return bytes
    }

    def "an ELF image goes to its physical addresses, zeroed to its memory size"() {
        given:
        Structs.fill(memory, 0x200000, 0x3000)

        when:
        def image = load(elf(entry: 0x200040, [[bytes: header(), paddr: 0x200000, vaddr: 0x200000, memsz: 0x2345]]))

        then:
        image.entryEip() == 0x200040
        image.eax() == 0x2BADB002
        memory.read32(0x200000) == MAGIC
        bytes(0x200000 + header().length, 0x2345 - header().length) == new byte[0x2345 - header().length]
        memory.read8(0x202345) == 0xEE
    }

    static class Structs {
        static void fill(PhysicalMemory memory, int at, int length) {
            def bytes = new byte[length]
            Arrays.fill(bytes, (byte) 0xEE)
            memory.write(at, bytes, 0, length)
        }
    }

    def "an entry that is a virtual address becomes a physical one"() {
        expect:
        load(elf(entry: 0xC0200010.intValue(), [[bytes: header(), paddr: 0x200000]])).entryEip() == 0x200010
    }

    def "a header with addresses needs no ELF"() {
        given:
        def image = buffer(0x80 + 0x100)
        image.position(0x20)
        image.put(header(0x10003, 0x300020, 0x300000, 0x300100, 0x300200, 0x300060))

        when:
        def loaded = load(image.array())

        then:
        loaded.entryEip() == 0x300060
        memory.read32(0x300020) == MAGIC
        bytes(0x300100, 0x80) == new byte[0x80]
    }

    def "the information structure says what GRUB would"() {
        when:
        def image = load(elf([[bytes: header(), paddr: 0x200000]]), 'a20 words')
        int info = image.ebx()

        then:
        info < 0x9FC00
        memory.read32(info) == 0x24D
        memory.read32(info + 4) == 640
        memory.read32(info + 8) == 15 * 1024
        text(memory.read32(info + 16)) == 'a20 words'
        memory.read32(info + 20) == 0
        text(memory.read32(info + 64)) == 'lguest'
        map(info) == [[0, 0x9FC00, 1], [0x9FC00, 0x400, 2], [0xF0000, 0x10000, 2], [0x100000, 15 * MIB, 1]]
    }

    List map(int info) {
        int at = memory.read32(info + 48)
        int end = at + memory.read32(info + 44)
        def map = []
        while (at < end) {
            map << [memory.read64(at + 4), memory.read64(at + 12), memory.read32(at + 20)]
            at += memory.read32(at) + 4
        }
        return map
    }

    def "modules follow the image, page-aligned"() {
        given:
        def modules = [new Multiboot.Module(write('m1', 'first'.bytes), 'one 1'), new Multiboot.Module(write('m2', new byte[5000]), 'two'),
                       new Multiboot.Module(write('m3', 'third'.bytes), '')]

        when:
        int info = load(elf([[bytes: header(), paddr: 0x200000, memsz: 0x1800]]), '', modules).ebx()
        int list = memory.read32(info + 24)

        then:
        memory.read32(info + 20) == 3
        (0..2).collect { [memory.read32(list + 16 * it), memory.read32(list + 16 * it + 4), text(memory.read32(list + 16 * it + 8))] } ==
            [[0x202000, 0x202005, 'one 1'], [0x203000, 0x204388, 'two'], [0x205000, 0x205005, '']]
        new String(bytes(0x205000, 5)) == 'third'
    }

    def "an image in low memory pushes the information up: image at #paddr"() {
        when:
        int info = load(elf([[bytes: header(), paddr: paddr, memsz: size]])).ebx()

        then:
        info == expected

        where:
        paddr  | size    || expected
        0x1000 | 0x3005  || 0x4010
        0      | 0x8000  || 0x8000
        0x1080 | 0x1000  || 0x2080
        0x8000 | 0x1000  || 0x1000
    }

    def "#what: #message"() {
        when:
        load(image)

        then:
        def exit = thrown(LoadException)
        exit.message == message.replace('IMAGE', folder.resolve('image').toString())

        where:
        what                | image                                                            || message
        'no header'         | elf([[bytes: kernel()]])                                         || 'IMAGE: no multiboot header in the first 8192 bytes'
        'a bad checksum'    | elf([[bytes: [2, 0xB0, 0xAD, 0x1B, 0, 0, 0, 0, 1, 2, 3, 4] as byte[]]]) || 'IMAGE: no multiboot header in the first 8192 bytes'
        'an unknown wish'   | elf([[bytes: header(8)]])                                        || 'IMAGE: multiboot header wants what nobody knows: flags 0x8'
        'no ELF'            | header()                                                         || 'IMAGE: multiboot image is no ELF file and gives no addresses'
        'a broken ELF'      | elf(machine: 62, [[bytes: header()]])                            || 'Malformed elf header'
        'impossible'        | header(0x10000, 0x200000, 0x100000, 0, 0, 0)                     || 'IMAGE: multiboot header gives impossible addresses'
        'huge zeroes'       | elf([[bytes: header(), memsz: -1]])                              || 'IMAGE: sections of 4294967295 bytes do not fit, memory has 16777216'
        'too high'          | elf([[bytes: header(), paddr: 0xFFFFF0]])                        || 'IMAGE: section 0 does not fit: 76 bytes at 0xfffff0, memory has 16777216 bytes'
        'no room below'     | elf([[bytes: header(), paddr: 0x1000, memsz: 0xA0000]])          || 'Multiboot information of 220 bytes finds no room below 640 KiB'
        'empty'             | new byte[0]                                                      || 'IMAGE: no multiboot header in the first 8192 bytes'
    }

    def "a module that does not fit is named"() {
        given:
        def big = new Multiboot.Module(write('big', new byte[15 * MIB]), '')

        when:
        load(elf([[bytes: header(), paddr: 0x200000]]), '', [big])

        then:
        def exit = thrown(LoadException)
        exit.message.startsWith("Module ${folder.resolve('big')} does not fit")
    }

    def "a flat image goes and starts where it is told"() {
        when:
        def image = FlatImage.load(memory, write('flat', 'code'.bytes), 0x7C00)

        then:
        image.entryEip() == 0x7C00
        image.ebx() == 0
        new String(bytes(0x7C00, 4)) == 'code'

        when:
        FlatImage.load(memory, folder.resolve('flat'), 16 * MIB - 3)

        then:
        def exit = thrown(LoadException)
        exit.message == "${folder.resolve('flat')} does not fit: 4 bytes at 0xfffffd, memory has 16777216 bytes"
    }
}
