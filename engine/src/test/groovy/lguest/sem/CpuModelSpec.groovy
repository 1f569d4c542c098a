package lguest.sem

import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Vector
import lguest.isa.Row
import lguest.isa.Table
import spock.lang.See
import spock.lang.Specification
import spock.lang.Title

@Title('A processor executes what its CPUID announces')
@See('Intel SDM vol. 2A, "CPUID"')
class CpuModelSpec extends Specification {
    static final List<CpuModel> MODELS = [CpuModel.PENTIUM2, CpuModel.PENTIUM3, CpuModel.PENTIUM4]
    /** Every feature that some row of the instruction table wants. */
    static final List<String> FEATURES = Table.rows()*.feature().findAll().unique().sort()
    private static final int FORMS = 4
    private static final Map<String, X87Row> X87 = X87Row.all().collectEntries { [it.op, it] }

    def "#model.name: rows that want #feature #outcome"() {
        given:
        def bench = new IntegerBench(model)
        def random = new IntegerRandom(feature.hashCode() as long)

        when:
        List<Row> wrong = Table.rows().findAll { it.feature() == feature }.findAll { Row row ->
            List<IntegerAnswer> answers = (1..FORMS).collect { bench.run(example(row, random)) }
            // A run without an answer says nothing, so there must be one with.
            answers.every { it == null } || answers.every { it == null || it.trap == Vector.UD } == model.has(feature)
        }

        then:
        wrong == []

        where:
        [model, feature] << [MODELS, FEATURES].combinations() + FEATURES.collect { [without(it), it] }
        outcome = model.has(feature) ? 'do something' : 'are #UD'
    }

    def "#model.name: leaf 0 names the maker and the last leaf, leaf 1 the processor and its features"() {
        given:
        def (last, b, c, d) = leaf(model, 0)
        def (signature, brand, ecx, features) = leaf(model, 1)

        expect:
        text([b, d, c]) == 'GenuineIntel'
        last == 2
        [signature >> 8 & 15, signature >> 4 & 15, signature & 15] == [family, number, stepping]
        brand == (model.has('CLFSH') ? 8 << 8 : 0)
        ecx == 0
        features == model.features()
        FEATURES.findAll { model.has(it) } == announced

        where:
        model             | family | number | stepping || announced
        CpuModel.PENTIUM2 | 6      | 5      | 2        || ['CMOV', 'CX8', 'FPU', 'FXSR', 'MSR', 'TSC']
        CpuModel.PENTIUM3 | 6      | 8      | 3        || ['CMOV', 'CX8', 'FPU', 'FXSR', 'MMX', 'MSR', 'SSE', 'TSC']
        CpuModel.PENTIUM4 | 15     | 2      | 9        || ['CLFSH', 'CMOV', 'CX8', 'FPU', 'FXSR', 'MMX', 'MSR', 'SSE', 'SSE2', 'TSC']
    }

    def "#model.name: leaf 2 is asked once and valid; #beyond, beyond the last leaf, is the same"() {
        given:
        List<Integer> descriptors = leaf(model, 2)

        expect:
        (descriptors[0] & 0xFF) == 1
        descriptors.every { it >= 0 }
        leaf(model, beyond as int) == descriptors

        where:
        [model, beyond] << [MODELS, [3, 4, 0x7FFFFFFF, 0x80000005, 0xFFFFFFFF]].combinations()
    }

    def "#model.name: leaves from 0x80000000 on have a name of 48 characters"() {
        given:
        def name = text((2..4).collectMany { leaf(model, 0x80000000 as int | it) })

        expect:
        leaf(model, 0x80000000 as int) == [0x80000004 as int, 0, 0, 0]
        leaf(model, 0x80000001 as int) == [0, 0, 0, 0]
        name.length() == 48
        name.takeWhile { it != '\0' } == model.brand()

        where:
        model << MODELS
    }

    private static CpuModel without(String feature) {
        CpuModel all = CpuModel.PENTIUM4
        new CpuModel("pentium4 without $feature", all.family(), all.model(), all.stepping(), all.features() & ~CpuModel."$feature", all.brand())
    }

    private static IntegerCase example(Row row, IntegerRandom random) {
        X87Row x87 = X87[row.op()]
        IntegerCase one
        if (x87 != null) {
            byte[] code = x87.code(random.random.nextInt(8), 32)
            one = new IntegerCase(rows: [row], code: code, starts: [0, code.length])
            one.regs[CpuState.ECX] = IntegerCase.DATA
        } else {
            // 16 bytes are too long for any processor, which is another fault.
            do {
                one = random.single(row)
            } while (one.code.length > 15)
        }
        one.eip = IntegerCase.CODE + 0x800
        one
    }

    private static List<Integer> leaf(CpuModel model, int leaf) {
        int[] out = new int[4]
        model.cpuid(leaf, 0, out)
        out.toList()
    }

    private static String text(List<Integer> registers) {
        registers.collectMany { int word -> (0..3).collect { (word >>> 8 * it & 0xFF) as char } }.join('')
    }
}
