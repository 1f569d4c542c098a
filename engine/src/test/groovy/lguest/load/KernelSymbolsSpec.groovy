package lguest.load

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

class KernelSymbolsSpec extends Specification {
    @TempDir
    Path folder

    static final String MAP = '''\
        c0100000 T _text
        c0100000 t startup
        c0100010 T start_kernel
        c0100010 t local_alias
        c0100020 t same
        c0100100 D data
        c0100200 T same
        c0100210 T do_page_fault
        00000040 A not_an_address
        c0101000 B _end
        '''.stripIndent()

    def symbols = KernelSymbols.ofSystemMap(write('System.map', MAP.bytes))

    Path write(String name, byte[] bytes) {
        Files.write(folder.resolve(name), bytes)
    }

    def "#address is #text"() {
        expect:
        symbols.at((int) address).map { it.toString() }.orElse(null) == text

        where:
        address     || text
        0           || null
        0x40        || null
        0xC00FFFFFL || null
        0xC0100000L || '_text'
        0xC010000FL || '_text+0xf'
        0xC0100010L || 'start_kernel'
        0xC01001FFL || 'data+0xff'
        0xC0100212L || 'do_page_fault+0x2'
        0xC0101FFFL || '_end+0xfff'
        0xC0102000L || null
        0xFFFFFFFFL || null
    }

    def "#name is at #address"() {
        expect:
        def found = symbols.address(name)
        (found.present ? Integer.toUnsignedLong(found.asInt) : null) == address

        where:
        name             || address
        '_text'          || 0xC0100000L
        'same'           || 0xC0100200L
        'not_an_address' || 0x40
        'missing'        || null
        ''               || null
    }

    def "names can be completed"() {
        expect:
        symbols.names('s', 10) == ['same', 'start_kernel', 'startup']
        symbols.names('s', 2) == ['same', 'start_kernel']
        symbols.names('zz', 10) == []
        symbols.all().size() == 9
    }

    def "the file is read at the first question only"() {
        given:
        def late = KernelSymbols.ofSystemMap(folder.resolve('later'))
        write('later', 'c0000000 T early'.bytes)

        expect:
        late.address('early').present

        when:
        Files.delete(folder.resolve('later'))

        then:
        late.address('early').present
    }

    def "a line that is none is named: #line"() {
        when:
        KernelSymbols.ofSystemMap(write('bad.map', "c0100000 T _text\n$line\n".bytes)).all()

        then:
        def exit = thrown(LoadException)
        exit.message == "${folder.resolve('bad.map')}:2: no line of a System.map: $line"

        where:
        line << ['hello', 'ffffffff81000000 T _text', 'c0100000 T', ' T x']
    }

    def "the symbol table of an ELF file has sizes, kinds and scopes"() {
        given:
        def file = write('vmlinux', ElfFiles.withSymbols([
            [name: 'start', value: 0xC0100000L, size: 16, info: 0x12, section: 1],
            [name: 'local', value: 0xC0100010L, size: 4, info: 0x02, section: 1],
            [name: 'counter', value: 0xC0200000L, size: 4, info: 0x11, section: 2],
            [name: 'outside', value: 0, size: 0, info: 0x10, section: 0],
            [name: 'file.c', value: 0, size: 0, info: 0x04, section: 0xFFF1],
            [name: 'absolute', value: 0x123, size: 0, info: 0x10, section: 0xFFF1],
            [name: '', value: 0xC0100000L, size: 0, info: 0x03, section: 1],
        ]))

        when:
        def symbols = KernelSymbols.ofKernel(file)

        then:
        symbols.all() == [new Symbol('start', 0xC0100000.intValue(), 16, 'T' as char),
                          new Symbol('local', 0xC0100010.intValue(), 4, 't' as char),
                          new Symbol('counter', 0xC0200000.intValue(), 4, 'B' as char)]
        symbols.address('absolute').asInt == 0x123
        symbols.names('', 10) == ['absolute', 'counter', 'local', 'start']
    }

    def "a file without symbols has none: #what"() {
        expect:
        KernelSymbols.ofKernel(write('image-alone', bytes)).all() == []

        where:
        what          | bytes
        'a bzImage'   | Images.bzImage(Images.rawKernel())
        'a stripped'  | Images.elf([[bytes: Images.kernel()]])
        'a short one' | new byte[3]
    }

    def "a kernel without symbols, #kernel, has those of #map beside it"() {
        given:
        write(map, 'c0100010 T start_kernel\n'.bytes)
        write('System.map', MAP.bytes)
        write(kernel, 'no ELF file, but a kernel for all we know, of enough bytes for a header of one'.bytes)

        expect:
        KernelSymbols.ofKernel(folder.resolve(kernel)).all().size() == count

        where:
        kernel             | map                  || count
        'bzImage'          | 'System.map-2.6.23'  || MAP.readLines().size() - 1
        'vmlinuz-2.6.23'   | 'System.map-2.6.23'  || 1
        'vmlinuz-2.6.22'   | 'System.map-2.6.23'  || 0
    }

    def "symbols can be replaced from another file"() {
        given:
        def symbols = KernelSymbols.none()

        expect:
        symbols.all() == []

        when:
        def count = symbols.load(write('System.map', MAP.bytes))

        then:
        count == 10
        symbols.address('start_kernel').present

        when:
        symbols.load(write('vmlinux', ElfFiles.withSymbols([[name: 'start', value: 1, size: 1, info: 0x12, section: 1]])))

        then:
        symbols.address('start').asInt == 1
        !symbols.address('start_kernel').present
    }

    def "a damaged symbol table is a message, not a disaster (seed #seed)"() {
        given:
        def random = new Random(seed)
        def bytes = ElfFiles.withSymbols((1..20).collect { [name: "symbol$it", value: it * 16, size: 16, info: 0x12, section: 1] })
        (1 + random.nextInt(8)).times {
            int at = random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length - 1 - random.nextInt(160)
            bytes[at] = (byte) random.nextInt(256)
        }
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length))
        }

        when:
        String message = 'fine'
        try {
            KernelSymbols.ofKernel(write('damaged', bytes)).all()
        } catch (LoadException exit) {
            message = exit.message
        }

        then:
        message

        where:
        seed << (1..100)
    }

    def "overlapping names cannot take more memory than their limit"() {
        given:
        def file = write('bomb', ElfFiles.withSymbols((1..2000).collect { [name: '', value: it, size: 0, info: 0x12, section: 1] }, 'x' * 100_000))

        when:
        def symbols = KernelSymbols.ofKernel(file).all()

        then:
        symbols.every { it.name().length() <= 512 }
    }
}
