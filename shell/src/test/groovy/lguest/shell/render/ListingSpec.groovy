package lguest.shell.render

import lguest.machine.AddressException
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.shell.Samples
import spock.lang.AutoCleanup
import spock.lang.Specification

class ListingSpec extends Specification {
    @AutoCleanup
    def guest = Guest.create(new GuestConfig('puppy').memoryBytes(16 << 20).kernel(Samples.folder.resolve('puppy/puppy.elf')))

    def "shows symbols, an arrow at the next instruction, and where calls go"() {
        given:
        int entry = guest.cpu().eip

        when:
        def lines = Listing.of(guest, entry, 8, false).readLines()

        then:
        lines[0].endsWith(':')
        lines.count { it.startsWith('=> 0x') } == 1
        lines[1].startsWith(String.format('=> 0x%08x  ', entry))
        lines.drop(1).findAll { it.startsWith('  ') }.every { it ==~ /   0x[0-9a-f]{8}  ([0-9a-f]{2} )+ *\S.*/ }
    }

    def "writes as the GNU assembler does, too"() {
        expect:
        Listing.of(guest, guest.cpu().eip, 8, true).contains('%')
    }

    def "says where nothing is mapped"() {
        when:
        Listing.of(guest, 0x10, 1, false)

        then:
        def e = thrown(AddressException)
        e.message == 'guest puppy: nothing is mapped at linear address 0x00000010'
    }

    def "registers make a grid"() {
        expect:
        RegisterGrid.of(guest.cpu()).readLines()*.size() == [54, 54, 66, 27, 54]
    }
}
