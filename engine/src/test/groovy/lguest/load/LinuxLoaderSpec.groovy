package lguest.load

import java.nio.file.Files
import java.nio.file.Path
import lguest.device.LauncherExit
import lguest.mem.PhysicalMemory
import spock.lang.Specification
import spock.lang.TempDir

import static lguest.load.Images.*

class LinuxLoaderSpec extends Specification {
    static final int MIB = 1 << 20

    @TempDir
    Path folder

    def verbose = []
    PhysicalMemory memory

    Path write(String name, byte[] bytes) {
        Files.write(folder.resolve(name), bytes)
    }

    LoadedKernel load(Map options = [:], byte[] image) {
        int ram = (options.mib ?: 16) * MIB
        memory = new PhysicalMemory(ram + 4096)
        LinuxLoader.load(memory, new LinuxImages(ram, write('kernel', image), (Path) options.initrd, options.args ?: ''), { verbose << it })
    }

    byte[] bytes(int at, int length) {
        def bytes = new byte[length]
        memory.read(at, bytes, 0, length)
        return bytes
    }

    def "a vmlinux starts behind its tag, at PAGE_OFFSET"() {
        when:
        def loaded = load(elf([[bytes: kernel()]]))

        then:
        loaded.entryEip() == 0xC0100040.intValue() + 13
        loaded.pageOffset() == PO
        loaded.pageDirectory() == 0x00FFF000
        bytes(LOAD_AT, 0x200) == kernel()
        verbose == ['Section 0: size 512 addr 0x100000', 'Linear mapping of 4096 pages in 4 pte pages at 0xffb000']
    }

    def "the entry of the ELF header does not matter, nor do other program headers"() {
        expect:
        load(elf(entry: 0x1234, [[type: 4, vaddr: 1, paddr: 99], [bytes: kernel()]])).entryEip() == 0xC010004D.intValue()
        verbose[0] == 'Section 1: size 512 addr 0x100000'
    }

    def "the lowest tag wins, whatever section it is in"() {
        given:
        def image = elf([[bytes: kernel(0x200, 0x50), paddr: 0x200000], [bytes: kernel(0x200, 0x30), paddr: 0x110000]])

        expect:
        load(image).entryEip() == 0xC0110030.intValue() + 13
    }

    def "a tag is found at offset #tagAt of #size bytes"() {
        expect:
        load(elf([[bytes: kernel(size, tagAt)]])).entryEip() == PO + LOAD_AT + tagAt + 13

        where:
        size    | tagAt
        0x200   | 0
        0x200   | 0x200 - 13
        0x30000 | 0xFFF0
        0x30000 | 0xFFFF
        0x30000 | 0x10000
        0x30000 | 0x2FFF3
    }

    def "what lies behind the file size of a section is not loaded"() {
        given:
        load(elf([[bytes: kernel(0x300), filesz: 0x100, memsz: 0x2000]]))

        expect:
        bytes(LOAD_AT + 0x100, 0x200) == new byte[0x200]
    }

    def "sections must agree on PAGE_OFFSET, but a first difference of 0 is not known yet"() {
        when:
        def loaded = load(elf([[bytes: kernel(), vaddr: LOAD_AT], [bytes: new byte[16], paddr: 0x200000]]))

        then:
        loaded.pageOffset() == PO

        when:
        load(elf([[bytes: kernel()], [bytes: new byte[16], paddr: 0x200000, vaddr: 0xD0400000.intValue()]]))

        then:
        def exit = thrown(LoadException)
        exit.message == 'Page offset of section 1 different'
    }

    def "#what: #message"() {
        when:
        load(image)

        then:
        def exit = thrown(LoadException)
        exit.message == message

        where:
        what                 | image                                                      || message
        'an object file'     | elf(type: 1, [[bytes: kernel()]])                          || 'Malformed elf header'
        'another machine'    | elf(machine: 62, [[bytes: kernel()]])                      || 'Malformed elf header'
        'odd headers'        | elf(phentsize: 56, [[bytes: kernel()]])                    || 'Malformed elf header'
        'no headers'         | elf(phnum: 0, [[bytes: kernel()]])                         || 'Malformed elf header'
        'too many headers'   | elf(phnum: 2049, [[bytes: kernel()]])                      || 'Malformed elf header'
        'headers beyond'     | elf(phoff: 0x2000, [[bytes: kernel()]])                    || 'Reading program headers: Unexpected end of file'
        'far headers'        | elf(phoff: -1, [[bytes: kernel()]])                        || 'Reading program headers: Unexpected end of file'
        'a short file'       | 'hello'.bytes                                              || 'Reading kernel: Unexpected end of file'
        'an empty file'      | new byte[0]                                                || 'Reading kernel: Unexpected end of file'
        'no tag'             | elf([[bytes: new byte[64]]])                               || 'Is this image a genuine lguest?: Invalid argument'
        'no LOAD'            | elf([[bytes: kernel(), type: 4]])                          || 'Is this image a genuine lguest?: Invalid argument'
        'half a tag'         | elf([[bytes: kernel(), filesz: 0x48]])                     || 'Is this image a genuine lguest?: Invalid argument'
        'a section too high' | elf([[bytes: kernel(), paddr: 0xFFFF00]])                  || 'Section 0 does not fit: 512 bytes at 0xffff00, memory has 16777216 bytes'
        'a section far out'  | elf([[bytes: kernel(), paddr: -512]])                      || 'Section 0 does not fit: 512 bytes at 0xfffffe00, memory has 16777216 bytes'
        'a huge section'     | elf([[bytes: kernel(), filesz: -1]])                       || 'Sections of 4294967295 bytes do not fit, memory has 16777216'
        'a cut section'      | elf([[bytes: kernel(), filesz: 0x2000]])                   || 'Section 0: Unexpected end of file'
        'text'               | ('no kernel at all ' * 10).bytes                           || 'Could not find kernel in bzImage'
    }

    def "a kernel called #name cannot be loaded: #message"() {
        given:
        Files.createDirectory(folder.resolve('folder'))

        when:
        LinuxLoader.load(new PhysicalMemory(MIB), new LinuxImages(MIB, folder.resolve(name), null, ''), { })

        then:
        def exit = thrown(LauncherExit)
        exit.message == "Failed to open ${folder.resolve(name)}: $message"

        where:
        name       || message
        'nokernel' || 'No such file or directory'
        'folder'   || 'Is a directory'
        'kernel/x' || 'No such file or directory'
    }

    def "page tables map RAM at PAGE_OFFSET and nothing else: #mib MiB at #top"() {
        when:
        def loaded = load(elf([[bytes: kernel(), vaddr: LOAD_AT + (top << 24)]]), mib: mib)
        int tables = mib / 4
        int linear = loaded.pageDirectory() - tables * 4096

        then:
        loaded.pageDirectory() == mib * MIB - 4096
        (0..<1024).every { i ->
            int k = i - (top << 2)
            memory.read32(loaded.pageDirectory() + 4 * i) == (k in 0..<tables ? linear + k * 4096 | 7 : 0)
        }
        (0..<tables * 1024).every { memory.read32(linear + 4 * it) == (it * 4096 | 7) }

        where:
        mib | top
        4   | 0xC0
        16  | 0xC0
        64  | 0x80
        64  | 0xB0
    }

    def "RAM that the kernel cannot reach is not mapped"() {
        when:
        def loaded = load(elf([[bytes: kernel(), vaddr: LOAD_AT + (0xFF << 24)]]), mib: 64)

        then:
        verbose.last() == 'Linear mapping of 4096 pages in 4 pte pages at 0x3ffb000'
        memory.read32(loaded.pageDirectory() + 4 * 1023) == 0x03FFE007
        memory.read32(loaded.pageDirectory() + 4 * 1019) == 0
    }

    def "an initrd of #size bytes lies at the top of RAM"() {
        given:
        def content = new byte[size]
        Arrays.fill(content, (byte) 0x41)
        def rd = write('rd', content)

        when:
        def loaded = load(elf([[bytes: kernel()]]), mib: 64, initrd: rd)

        then:
        memory.read8(0x210) == 0xFF
        memory.read32(0x218) == image
        memory.read32(0x21C) == rounded
        bytes(image, size) == content
        bytes(image + size, rounded - size) == new byte[rounded - size]
        loaded.pageDirectory() == image - 4096
        verbose[1] == "mapped initrd $rd size=$size @ 0x${Integer.toHexString(image)}"

        where:
        size || image      | rounded
        1    || 0x03FFF000 | 0x1000
        4096 || 0x03FFF000 | 0x1000
        5000 || 0x03FFE000 | 0x2000
    }

    def "an initrd that is missing or too big is an error"() {
        when:
        load(elf([[bytes: kernel()]]), initrd: folder.resolve('no'))

        then:
        def missing = thrown(LoadException)
        missing.message == "Failed to open ${folder.resolve('no')}: No such file or directory"

        when:
        load(elf([[bytes: kernel()]]), mib: 4, initrd: write('rd', new byte[5 * MIB]))

        then:
        def big = thrown(LoadException)
        big.message == "initrd '${folder.resolve('rd')}' does not fit: it has ${5 * MIB} bytes, memory has ${4 * MIB}"

        when:
        load(elf([[bytes: kernel()]]), mib: 4, initrd: write('rd', new byte[4 * MIB]))

        then:
        def full = thrown(LoadException)
        full.message == 'Initial page tables do not fit: 2 pages below 0x0'
    }

    def "boot parameters are an e820 map, a command line and a subarchitecture, and zeroes"() {
        given:
        load(elf([[bytes: kernel()]]), args: BootParams.commandLine(args))

        expect:
        def page = ByteArray.page(bytes(0, 4096))
        page.remove(0x1E8) == 1
        page.remove(0x229) == 0x10
        page.remove(0x23C) == 1
        page.remove(0x2DB) == 1
        page.remove(0x2E0) == 1
        page == [:]
        bytes(0x1000, line.length()) == line.bytes

        where:
        args          || line
        []            || '\0\0'
        ['a', 'b']    || 'a b \0\0'
        ['x', '-v=1'] || 'x -v=1 \0'
    }

    static class ByteArray {
        static Map<Integer, Integer> page(byte[] bytes) {
            (0..<bytes.length).findAll { bytes[it] != 0 }.collectEntries { [it, bytes[it] & 0xFF] }
        }
    }

    def "a command line that would reach the kernel is an error"() {
        when:
        load(elf([[bytes: kernel()]]), args: 'x' * MIB)

        then:
        thrown(LoadException)
    }

    def "no memory is too little memory"() {
        when:
        LinuxLoader.load(new PhysicalMemory(4096), new LinuxImages(0, write('kernel', elf([[bytes: kernel()]])), null, ''), { })

        then:
        def exit = thrown(LoadException)
        exit.message == 'Sections of 512 bytes do not fit, memory has 0'
    }
}
