package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.lang.Title

@Title('A guest that is remembered is seen again as it was, whatever came to it and wherever it stopped')
@Timeout(120)
class ReplayMixSlowSpec extends Specification {
    @TempDir
    Path folder

    /** Hooks that change, stop and fail come and go, while somebody types, writes to memory and raises interrupts. */
    private static final String MIX = '''
        int calls = 0
        def random = new Random(SEED)
        def set = [
            { replace hypercall(SET_CLOCKEVENT) run { delta -> calls++; proceed delta * 2 } },
            { before console run { it.text = it.text.toUpperCase() } },
            { before interrupts run { memory.u8(0xC0000100, calls++ & 0xFF) } },
            { before at('console_write') run { cpu.eflags = cpu.eflags ^ 1 } },
            { before on(write('clock_ticks')) run { memory.u8(0xC0000200, it.value & 0xFF) } },
            { before on(faults) run { memory.u8(0xC0000300, calls++ & 0xFF) } },
            { stop on(faults) },
            { before hypercalls run { if (calls++ % 50 == 0) throw new RuntimeException('hook') } },
            { before on(faults) run { if (++calls % 3 == 0) throw new RuntimeException('hook') } },
            { stop on(interrupts) }
        ]
        def hooks = []
        remember()
        60.times {
            try {
                switch (random.nextInt(6)) {
                    case 0: send(['run count', 'run grow', 'echo hi', 'ps', 'help'][random.nextInt(5)] + '\\n'); break
                    case 1: memory.u32(0xC0000100L + 4 * random.nextInt(50), random.nextInt()); break
                    case 2: interrupts.raise(1 + random.nextInt(3)); break
                    case 3: hooks.size() < 3 ? hooks.add(set[random.nextInt(set.size())]()) : hooks.remove(0).remove(); break
                    default: run((1 + random.nextInt(5)).ms)
                }
            } catch (Exception failed) {
                assert failed.message.contains('hook')
            }
        }
        def state = { [it.memoryHash, it.cpu.toString(), it.console.text, it.state] }
        def now = state(guest('puppy'))
        def again = replay.at(replay.last)
        println "$replay.inputs"
        println now == state(again) ? 'same' : "other: $now, not ${state(again)}"
        exit 0
    '''

    def "seed #seed on the #engine"() {
        when:
        def ended = new Scripts(folder).run(Scripts.puppy("engine $engine") + MIX.replace('SEED', "${seed}L"))

        then:
        ended.status == 0
        ended.out.readLines().last() == 'same'

        where:
        [seed, engine] << [[2, 7, 13, 16, 26, 27, 116, System.nanoTime() & 0xFFFFFF], ['interpreter', 'translator']].combinations()
    }
}
