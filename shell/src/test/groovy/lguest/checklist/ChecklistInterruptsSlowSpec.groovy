package lguest.checklist

import java.time.Duration
import lguest.machine.Guest
import lguest.machine.Limit
import lguest.machine.Stop
import spock.lang.Title
import spock.lang.Unroll

@Title('Checklist 35 to 49: interrupts and traps')
class ChecklistInterruptsSlowSpec extends ChecklistSpecification {

    def "35: with gate 0x20, blocked bit 0 clear, irq_enabled 0x200 and SET_CLOCKEVENT(1000000) handler 0x20 is entered about 1 ms later, irq_enabled 0 inside, EFLAGS image bit 9 set"() {
        expect:
        printedBy('070-timer') == [
            'hits 00000001 irq_enabled inside 00000000 saved if 00000001 cs 00000061 irq_enabled now 00000000', 'one shot: hits 00000001']
        puppyAgrees(35)
        puppy.said(35).contains('ok 35 not before 1 ms, not after 100 ms')
    }

    def "36: same with irq_enabled 0: not delivered until it becomes non-zero"() {
        expect:
        printedBy('071-timer-irq-off') == ['off: hits 00000000', 'on: hits 00000001']
        puppyAgrees(36)
    }

    def "37: same with blocked bit 0 set: not delivered, delivered after clearing"() {
        expect:
        printedBy('072-timer-blocked') == ['blocked: hits 00000000', 'unblocked: hits 00000001']
        puppyAgrees(37)
    }

    def "38: EIP inside [noirq_start, noirq_end): not delivered; at noirq_end: delivered"() {
        expect:
        printedBy('073-noirq-window') == [
            'inside: hits 00000000', 'trap inside: vec=06 err=none cs=0061 eip=+0000 if=1', 'after: hits 00000001']
        puppyAgrees(38)
    }

    def "39: lines 1 and 3 pending: line 1 first; line 3 only after irq_enabled is non-zero again"() {
        expect:
        printedBy('180-irq-priority', disk: 4096).drop(2) == [
            'blocked: log 00000000', 'unblocked: log 00000001', 'enabled again: log 00000013']
        puppyAgrees(39)
    }

    def "40: HALT with irq_enabled 0 and a timer armed: resumes, delivers, and EFLAGS image has bit 9 set"() {
        expect:
        printedBy('075-halt-irq-off') == [
            'hits 00000001 irq_enabled inside 00000000 saved if 00000001 irq_enabled now 00000000', 'resumed at + 00000000']
        printedBy('077-halt-pending') == ['before halt: hits 00000000', 'after halt: hits 00000001']
        puppyAgrees(40)
    }

    def "41: HALT with the only pending line blocked: stays halted"() {
        when:
        run(make('076-halt-blocked'), Limit.hostTime(Duration.ofMillis(500)))

        then:
        stop.kind() == Stop.Kind.LIMIT
        guest.state() == Guest.State.HALTED
        printed == ['halting']
        puppyAgrees(41)
    }

    def "42: SET_CLOCKEVENT(0) cancels; a second SET_CLOCKEVENT replaces the first"() {
        expect:
        printedBy('078-clock-cancel') == ['cancelled: hits 00000000', 'armed again: hits 00000001']
        printedBy('079-clock-replace') == ['hits 00000001', 'pushed back: hits 00000000']
        puppyAgrees(42)
    }

    def "43: from CPL 3 a reflected trap switches to SS1:ESP1 and pushes SS, ESP, EFLAGS, CS, EIP; error code for 8, 10-14, 17 only"() {
        when: 'a frame of 0x1C bytes is these five words and the two of the recorder, error code included'
        def lines = printedBy('090-reflect-user')

        then:
        lines.findAll { it.contains('vec=') }.every { it.endsWith(' ss=007b usedstack=0000 frame=1c') && it.contains(' cs=0073 ') }
        lines.collect { (it =~ /vec=(..) err=(\w+)/).collect { it.tail() } }.sum() == [
            ['06', 'none'], ['06', 'none'], ['00', 'none'], ['0d', '00000000'], ['06', 'none']]
        printedBy('085-irq-user')[0] == 'hits 00000001 cs 00000073 ss 0000007b used stack 00000000 if 00000001 frame 00000014'
        puppyAgrees(43)
    }

    def "44: INT 0x80 from CPL 3 through a DPL-3 trap gate leaves irq_enabled as it was"() {
        expect:
        printedBy('091-direct-user').drop(2) == [
            'int 0x80, enabled: vec=80 err=none cs=0073 eip=+0002 if=1 ss=007b usedstack=0000 frame=1c',
            ' irq_enabled in handler 00000200', 'irq_enabled in handler 00012345']
        puppyAgrees(44)
    }

    def "45: INT3 from CPL 3 with Linux's gate arrives as #GP error 0x1A"() {
        expect:
        printedBy('094-int3')[0].startsWith('int3 ring 3: vec=0d err=0000001a cs=0073 eip=+0000 ')
        puppyAgrees(45)
    }

    @Unroll('46: IN AL at CPL 1 with EAX 0x12345678 gives 0x#eax with strict #strict')
    def "46: how wide IN AL is"() {
        expect:
        printedBy('098-in-al', strict: strict) == ["eax $eax"]*.toString()

        where:
        strict | eax
        true   | '1234ffff'
        false  | '123456ff'
    }

    def "46: IN EAX,DX gives 0xFFFFFFFF; 66 IN AX,DX advances EIP by 2; OUT changes nothing; CLI and HLT reach handler 13 with error code 0"() {
        expect:
        printedBy('096-in-out').containsAll(['in eax, dx eax ffffffff len 00000001', 'out dx, ax eax 12345678 len 00000002'])
        printed.findAll { it.startsWith('out ') }.every { it.contains(' eax 12345678 ') }
        printedBy('108-privileged').containsAll(
            ['cli: vec=0d err=00000000 cs=0061 eip=+0000 if=0', 'hlt: vec=0d err=00000000 cs=0061 eip=+0000 if=0'])
        puppyAgrees(46)
        puppy.said(46).contains('ok 46 IN AX is two bytes long')
    }

    def "47: IN from CPL 3 with EIP below PO reaches handler 13"() {
        expect:
        printedBy('100-in-user')[0].startsWith('in al, 0x60: vec=0d err=00000000 cs=0073 eip=+0000 ')
        puppyAgrees(47)
    }

    def "48: TS(8) then FADD: vector 7; TS(0): no trap"() {
        expect:
        printedBy('102-ts').take(5) == [
            'at start: no trap', 'ts 8: vec=07 err=none cs=0061 eip=+0000 if=0', 'again: vec=07 err=none cs=0061 eip=+0000 if=0',
            'ts 0: no trap', '1+1 00000002']
        puppyAgrees(48)
    }

    @Unroll('49: a fault with no gate loaded dies with trap number, EIP and value: #small')
    def "49: the documented shape"() {
        expect:
        deathOf(small) == reason

        where:
        small             | reason
        '011-ud2-no-gate' | 'unhandled trap 6 at 0xc010000d (0x0)'
        '104-no-gate-int' | 'unhandled trap 13 at 0xc0100033 (0x102)'
        '105-no-gate-div' | 'unhandled trap 0 at 0xc010000f (0x0)'
        '106-no-gate-cli' | 'unhandled trap 13 at 0xc0100033 (0x0)'
        '004-no-identity' | 'unhandled trap 14 at 0xc010000d (0x1000)'
    }

    def "49: as puppy dies of it"() {
        expect:
        puppy.killedBy('49') ==~ /unhandled trap 6 at 0xc01[0-9a-f]{5} \(0x0\)/
    }
}
