package lguest.cpu

import spock.lang.Specification
import spock.lang.Title

@Title('What debug registers ask for')
class DebugRegistersSpec extends Specification {
    private static final int EXECUTE = 0
    private static final int WRITE = 1
    private static final int IO = 2
    private static final int ACCESS = 3

    CpuState cpu = new CpuState()

    private void set(int n, int address, int type, int len, int enable) {
        cpu.dr[n] = address
        cpu.dr[7] |= enable << 2 * n | type << 16 + 4 * n | len << 18 + 4 * n
    }

    def "#lengthBytes bytes at #at, written, meet LEN #len at #address: #met"() {
        given:
        set(2, address as int, WRITE, len, 1)

        expect:
        (DebugRegisters.accesses(cpu, at as int, lengthBytes, true) == 4) == met

        where:
        address    | len | at         | lengthBytes || met
        0x1000     | 0   | 0x1000     | 1           || true
        0x1000     | 0   | 0x1001     | 4           || false
        0x1000     | 0   | 0x0FFD     | 4           || true
        0x1000     | 0   | 0x0FFC     | 4           || false
        0x1001     | 1   | 0x1000     | 1           || true
        0x1001     | 1   | 0x1002     | 1           || false
        0x1003     | 3   | 0x1000     | 1           || true
        0x1003     | 3   | 0x1004     | 2           || false
        0x1000     | 3   | 0x1003     | 4           || true
        0x1005     | 2   | 0x1007     | 1           || true
        0x1005     | 2   | 0x0FFF     | 1           || false
        0          | 0   | 0xFFFFFFFE | 4           || true
        0xFFFFFFFF | 3   | 0xFFFFFFFC | 1           || true
    }

    def "R/W #type, enabled by #enable, is met by a write #written and by a read #read"() {
        given:
        set(0, 0x1000, type, 0, enable)

        expect:
        DebugRegisters.accesses(cpu, 0x1000, 1, true) == (written ? 1 : 0)
        DebugRegisters.accesses(cpu, 0x1000, 1, false) == (read ? 1 : 0)
        DebugRegisters.any(cpu) == (enable != 0)

        where:
        type    | enable || written | read
        WRITE   | 1      || true    | false
        WRITE   | 2      || true    | false
        WRITE   | 0      || false   | false
        ACCESS  | 3      || true    | true
        ACCESS  | 0      || false   | false
        IO      | 1      || false   | false
        EXECUTE | 1      || false   | false
    }

    def "all breakpoints at an instruction are met, and no others"() {
        given:
        set(0, 0x1000, EXECUTE, 0, 1)
        set(1, 0x1000, EXECUTE, 0, 0)
        set(2, 0x1001, EXECUTE, 0, 2)
        set(3, 0x1000, EXECUTE, 0, 2)

        expect:
        DebugRegisters.executes(cpu, 0x1000) == 9
        DebugRegisters.executes(cpu, 0x1001) == 4
        DebugRegisters.executes(cpu, 0x1002) == 0
    }

    def "LE and GE enable nothing"() {
        given:
        cpu.dr[7] = DebugRegisters.stored(7, 0x300)

        expect:
        !DebugRegisters.any(cpu)
    }

    def "#lengthBytes bytes at port #port meet a breakpoint at ports 0x60 and 0x61 with CR4.DE #enabled: #met"() {
        given:
        set(1, 0x60, IO, 1, 2)
        cpu.cr4 = enabled ? CpuState.CR4_DE : 0

        expect:
        DebugRegisters.ports(cpu, port, lengthBytes) == (met ? 2 : 0)

        where:
        enabled | port | lengthBytes || met
        true    | 0x61 | 1           || true
        true    | 0x62 | 1           || false
        true    | 0x5D | 4           || true
        true    | 0x5E | 2           || false
        false   | 0x60 | 1           || false
    }

    def "a debug exception replaces B0 to B3 and adds to the rest: #before and #why is #after"() {
        given:
        cpu.dr[6] = before as int

        when:
        DebugRegisters.report(cpu, why)

        then:
        cpu.dr[6] == after as int

        where:
        before     | why    || after
        0xFFFF0FF0 | 0x0001 || 0xFFFF0FF1
        0xFFFF0FF3 | 0x0004 || 0xFFFF0FF4
        0xFFFF2FF3 | 0x4000 || 0xFFFF6FF0
    }
}
