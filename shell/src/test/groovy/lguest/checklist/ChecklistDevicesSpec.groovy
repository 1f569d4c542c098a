package lguest.checklist

import java.nio.file.Files
import java.time.Duration
import lguest.machine.Guest
import lguest.machine.Limit
import lguest.machine.Stop
import spock.lang.Title

@Title('Checklist 57, 58, 62, 64 to 66, 68, 69, 72: DMA and devices')
class ChecklistDevicesSpec extends ChecklistSpecification {

    def "57: BIND with irq 32 returns 0; with irq 0 and no binding returns 0; the 33rd BIND returns 0; an odd key kills"() {
        expect:
        printedBy('160-bind-results').containsAll(['irq 32: 00000000', 'unbind nothing: 00000000', 'bind: 00000001'])
        printedBy('161-bind-33') == ['1' * 32 + '00', '110']
        deathOf('162-bind-odd-key') == 'bad dma key 0x200002'
        deathOf('164-send-odd-key') == 'bad sending DMA key'
        puppyAgrees(57)
        puppy.killedBy('57') == 'bad dma key 0x2'
        puppy.killedBy('57b') == 'bad sending DMA key'
    }

    def "58: SEND to a sharenet key bound only by the sender: no interrupt, used_len unchanged"() {
        expect:
        printedBy('170-sharenet-self', net: true) == [
            'slot 0: 40000002 00010000 00001001', 'bind 00000001', 'used_len 00005555', 'receiver used_len 00000000', 'hits 00000000']
        puppyAgrees(58)
    }

    def "62: a section that crosses a page, sent to the console, is printed"() {
        expect:
        printedBy('212-send-crossing')[1] == 'used_len 00001100'
        printed[0].length() == 0x10FF
        puppyAgrees(62)
    }

    def "64: --block=x alone: slot 0 {3, 0x8000, 0, 1, (mem>>12)+1}, slot 1 {1, 0, 0, 0, 0}; block irq 1, console irq 2"() {
        expect:
        printedBy('171-block-desc', disk: 1000) == [
            '000 80000003', '004 00010000', '008 00001001', '00c 00000001', 'num_sectors 00000001', 'result 00000000']
        printedBy('172-desc-none') == ['000 00000001']

        and: 'a driver takes the line of its slot plus one: puppy, with a disk in slot 0, hears of both'
        puppyAgrees(64)
    }

    def "65: block read of 8 sectors: bound used_len 4096, result 1, irq"() {
        expect:
        printedBy('174-block-read', disk: 8192) == [
            'bind 00000001', 'result 00000001', 'bound used_len 00001000', 'sent used_len 00000000', 'data 78787878', 'last 78787878',
            'hits 00000001']
        puppyAgrees(65)
    }

    def "65: short read at the end: result 2"() {
        expect:
        printedBy('175-block-short', disk: 4096) == ['result 00000002', 'bound used_len 00000400']
    }

    def "65: sector beyond the end: launcher exits 1 and the file is unchanged"() {
        expect:
        deathOf('176-block-beyond', disk: 4096).startsWith('Bad offset 4096 vs 4096')
        Files.readString(folder.resolve('disk')) == 'x' * 4096
        puppy.killedBy('65').startsWith('Bad offset ')
    }

    def "65: write crossing the end: exits 1 and the file keeps its size"() {
        expect:
        deathOf('178-block-write-past', disk: 4096) == 'Write past end 3072+4096'
        Files.size(folder.resolve('disk')) == 4096
        puppy.killedBy('65b').startsWith('Write past end ')
    }

    def "65: a write inside reaches the file"() {
        expect:
        printedBy('177-block-write', disk: 8192) == ['result 00000001', 'bound used_len 00000000', 'sent used_len 00000000']
        Files.size(folder.resolve('disk')) == 8192
        Files.readString(folder.resolve('disk')) != 'x' * 8192
    }

    def "66: num_sectors of a 1000-byte file is 1"() {
        expect:
        printedBy('171-block-desc', disk: 1000).contains('num_sectors 00000001')
        puppyAgrees(66)
    }

    def "68: console input while the single buffer is still full is queued"() {
        given:
        make('190-console-input')

        when:
        guest.console().offer('abcde\n'.bytes)
        guest.console().offer('X'.bytes)
        run(guest)

        then:
        stop.kind() == Stop.Kind.OFF
        warnings.every { it.startsWith('console: no dma buffer!') }
        printed == ['bind 00000001', 'ready', 'hits 00000001', 'used_len 00000006', 'data 64636261 00000a65', 'used_len 00000001',
                    'data 64636258 00000a65']
    }

    def "69: end of input: one warning, and the guest continues"() {
        given:
        make('193-console-eof')
        run(guest, Limit.none().until { guest.transcript().text().contains('ready') })

        when:
        run(guest, Limit.hostTime(Duration.ofMillis(200)))

        then:
        guest.state() == Guest.State.HALTED

        when:
        guest.console().end()
        run(guest)

        then:
        stop.kind() == Stop.Kind.OFF
        warnings == ['Failed to get console input, ignoring console.']
        printed == ['ready', 'woken, used_len 00000000 hits 00000001', 'a second later: hits 00000002']
    }

    def "72: devices' status words end at 7 after a normal boot: puppy's, of what it drives"() {
        expect:
        puppyAgrees(72)
    }
}
