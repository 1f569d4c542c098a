package lguest.load

import java.nio.file.Files
import java.nio.file.Path
import lguest.mem.PhysicalMemory
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification

/** A real kernel, if there is one: -Dlguest.linux=DIR with vmlinux, bzImage and System.map of one build. */
@Requires({ sys['lguest.linux'] && Files.exists(Path.of(sys['lguest.linux'], 'vmlinux')) })
class RealLinuxSpec extends Specification {
    static final int RAM = 64 << 20

    @Shared
    def folder = Path.of(System.getProperty('lguest.linux', '.'))

    LoadedKernel load(String name) {
        LinuxLoader.load(new PhysicalMemory(RAM + 4096), new LinuxImages(RAM, folder.resolve(name), null, ''), { })
    }

    def "vmlinux and bzImage start at the same address"() {
        expect:
        load('bzImage').entryEip() == load('vmlinux').entryEip()
        load('bzImage').pageOffset() == load('vmlinux').pageOffset()
    }

    def "the symbol table of vmlinux and System.map agree"() {
        given:
        def table = load('vmlinux').symbols()
        def map = KernelSymbols.ofSystemMap(folder.resolve('System.map'))

        expect:
        ['start_kernel', 'do_page_fault', 'schedule', 'jiffies'].every { table.address(it) == map.address(it) }
        map.all().findAll { it.type() == ('T' as char) }.every { table.at(it.address()).get().offset() == 0 }
    }
}
