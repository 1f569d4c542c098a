package lguest.interp

import static lguest.cpu.CpuState.EAX

import lguest.sem.SmallMachine
import spock.lang.Specification
import spock.lang.Title

@Title('A page table entry that changes without a flush')
class StaleTranslationSpec extends Specification {
    private static final int CODE = 0x10000
    private static final int DIRECTORY = 0x20000
    private static final int TABLE = 0x21000
    private static final int ROUTINE = 0x30000
    private static final int OTHER = 0x31000
    private static final int FOR_ALL = 7

    def machine = new SmallMachine()
    def cpu = machine.cpu

    def setup() {
        machine.physical.write32(DIRECTORY, TABLE | FOR_ALL)
        256.times { machine.physical.write32(TABLE + 4 * it, it << 12 | FOR_ALL) }
        cpu.cr3 = DIRECTORY
        cpu.cr0 |= 1 << 31
        machine.mem.flush()
    }

    def "on the #engine, once a write has found the new page, the code in it is what is called"() {
        given:
        def code = { int at, String hex -> machine.physical.write(at, hex.decodeHex(), 0, hex.length().intdiv(2)) }

        and: 'mov ecx,4; again: call ROUTINE; dec ecx; jnz again; its entry leads to OTHER; write there; call ROUTINE, twice; jmp $'
        code(CODE, 'b904000000e8f6ff01004975f8c705c010020007100300c6050008030090e8ddff0100e8d8ff0100ebfe')
        // inc eax; ret
        code(ROUTINE, '40c3')
        // add eax,100; ret
        code(OTHER, '83c064c3')
        cpu.regs[EAX] = 0

        when:
        engine.on(cpu, machine.mem).run(100, true)

        then:
        cpu.regs[EAX] == 4 + 2 * 100
        machine.physical.read8(OTHER + 0x800) == 0x90

        where:
        engine << Engine.values()
    }

    def "a page that gets a breakpoint stays where it was known to be until something is heard of"() {
        given:
        def heard = []
        machine.physical.write32(OTHER, 2)
        machine.mem.write32(ROUTINE, 1)
        machine.physical.write32(TABLE + 4 * (ROUTINE >>> 12), OTHER | FOR_ALL)

        when:
        machine.mem.breakpoints(BitSet.valueOf([1L << (ROUTINE >>> 12)] as long[])) { linear, bits, value, write -> heard << value }

        then:
        machine.mem.knownCode(ROUTINE) == ROUTINE

        when:
        machine.mem.read32(ROUTINE)
        machine.mem.write32(ROUTINE, 3)

        then:
        heard == [2, 3]
    }
}
