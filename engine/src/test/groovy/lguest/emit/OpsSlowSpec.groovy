package lguest.emit

import groovy.transform.CompileStatic
import lguest.cpu.CpuFault
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.isa.CodeBytes
import lguest.isa.Decoder
import lguest.isa.Insn
import lguest.isa.RandomCode
import lguest.isa.Row
import lguest.isa.Table
import lguest.sem.SmallMachine
import spock.lang.Specification
import spock.lang.Title

@Title('Operations can be made of all that decodes')
class OpsSlowSpec extends Specification {
    static final long SEED = 20260731
    static final CpuModel EVERYTHING = new CpuModel('everything', 6, 5, 2, -1, 'has every feature')

    def "an operation can be made of every row and operand form, and runs: #segments"() {
        given:
        def random = new RandomCode(SEED, code32)
        Set<Class> seen = []

        expect:
        Table.rows().collectMany { Row row -> failures(row, random, flat, seen) } == []
        seen.size() > Table.rows().size()

        where:
        segments                      | code32 | flat
        'flat 32-bit segments'        | true   | true
        '32-bit segments with a base' | true   | false
        '16-bit segments'             | false  | false
    }

    /** Twenty-four encodings meet the forms a row has: registers or memory, both sizes of operand and address, repeated or not. */
    private static List<String> failures(Row row, RandomCode random, boolean flat, Set<Class> seen) {
        (1..24).collect { random.encode(row) }.findResults { byte[] code ->
            failure("$row as ${code.encodeHex()}") { run(code, random.code32, flat, seen) }
        }.unique()
    }

    /** Compiled, so that Groovy makes no metaclass for each class of operation. */
    @CompileStatic
    private static void run(byte[] code, boolean code32, boolean flat, Set<Class> seen) {
        int at = 0
        Insn insn = Decoder.decode({ code[at++] & 0xFF } as CodeBytes, code32)
        Op op = Ops.of(insn, 0, flat, code32, EVERYTHING)
        if (!seen.add(op.class)) {
            return
        }
        SmallMachine machine = new SmallMachine()
        machine.cpu.model = EVERYTHING
        machine.cpu.regs[CpuState.ECX] = 1
        machine.cpu.cr4 |= CpuState.CR4_OSFXSR | CpuState.CR4_OSXMMEXCPT
        try {
            op.run(machine.cpu, machine.mem)
        } catch (CpuFault ignored) {
            // Random operands address what is not there: a fault is as good an end as any.
        }
    }

    private static String failure(String where, Closure<?> work) {
        try {
            work()
            return null
        } catch (RuntimeException | LinkageError failed) {
            return "$where: $failed"
        }
    }
}
