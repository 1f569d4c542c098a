package lguest.mix

import groovy.transform.CompileStatic
import java.nio.file.Path
import java.time.Duration
import lguest.machine.Guest
import lguest.mix.Run.How

/** Has a plan executed by all engines, and makes it smaller where they differ. */
@CompileStatic
class Comparison {
    /** Of each guest, in guest time. */
    static final Duration LENGTH = Duration.ofSeconds(4)
    private static final int MOMENTS = 4
    /** Instructions of each guest that are also executed forgetfully. */
    private static final long FORGETFUL = 120_000
    /** Instructions of a guest; few reach it: those whose code has come to loop for ever. */
    private static final long MOST = 3_000_000
    /** Instructions within which a difference is looked for first. */
    private static final long SOON = 10_000

    private final Path folder
    private final Closure<?> mistake

    // What has happened in all guests that made no difference, each counted once.
    long guests
    long nanos
    long instructions
    long interrupts
    long faults
    long transfers
    long disturbances
    long overwritten
    long regions
    long tlbMisses
    long ended

    /** @param mistake made in guests that are not merely interpreted: a spec's */
    Comparison(Path folder, Closure<?> mistake = { Guest it -> }) {
        this.folder = folder
        this.mistake = mistake
    }

    /** @return null if all engines agree; else the difference, and the least that it takes, as text */
    String check(long seed) {
        def plan = new Plan(seed)
        def expected = moments(plan, How.INTERPRETER)
        for (How how : [How.FORGETFUL, How.TRANSLATOR, How.BOTH]) {
            def found = moments(plan, how)
            for (int i = 0; i < found.size(); i++) {
                String difference = found[i].difference(expected[i])
                if (difference) {
                    return report(plan, how, found[i], difference)
                }
            }
        }
        null
    }

    private List<Moment> moments(Plan plan, How how) {
        run(plan, how).withCloseable { Run run ->
            List<Moment> moments = [run.upTo(LENGTH, FORGETFUL)]
            for (int i = 1; i <= MOMENTS && how != How.FORGETFUL && moments.last().alive; i++) {
                run.renew()
                moments << run.upTo(LENGTH.multipliedBy(i).dividedBy(MOMENTS), MOST)
            }
            if (how in [How.INTERPRETER, How.TRANSLATOR]) {
                count(run, how)
            }
            moments
        }
    }

    private Run run(Plan plan, How how) {
        new Run(plan, how, folder, how in [How.TRANSLATOR, How.BOTH] ? mistake : { Guest it -> })
    }

    private void count(Run run, How how) {
        def seen = run.guest.statisticsByName()
        if (how == How.TRANSLATOR) {
            regions += seen.regions
            return
        }
        guests++
        nanos += run.guest.nanos()
        instructions += run.guest.instructions()
        interrupts += run.variable(Layout.INTERRUPTS)
        faults += run.variable(Layout.FAULTS)
        transfers += run.meddler.transfers
        disturbances += run.meddler.disturbances
        overwritten += seen.overwritten
        tlbMisses += seen.tlbMisses
        ended += run.guest.alive() ? 0 : 1
    }

    // ---- the smallest case

    private String report(Plan plan, How how, Moment found, String difference) {
        if (plan.renewal != Plan.Renewal.NONE && !differs(plan, how, found.cpu.instructions)) {
            return "$plan: executed by $how, $difference interpreted, because of the ${plan.renewal.toString().toLowerCase()}"
        }
        println "$plan: executed by $how, $difference interpreted; looking for the smallest such case"
        Plan sure = plan
        if (plan.translates == Plan.When.ELSEWHERE) {
            sure = [Plan.When.AT_ONCE, Plan.When.LATER].collect { plan.translating(it) }.find { differs(it, how, found.cpu.instructions) }
            if (!sure) {
                return "$plan: executed by $how, $difference interpreted, sometimes"
            }
        }
        long count = SOON
        while (count < found.cpu.instructions && !differs(sure, how, count)) {
            count *= 2
        }
        Plan smallest = smaller(sure, how, count)
        "$sure: executed by $how, $difference interpreted.\nActs $smallest.kept${smallest.undisturbed ? ', undisturbed,' : ''} suffice: " +
            "${firstInstruction(smallest, how, count)}\n    ${smallest.story().join('\n    ')}"
    }

    private String differs(Plan plan, How how, long count) {
        at(plan, how, count).difference(at(plan, How.INTERPRETER, count))
    }

    private Moment at(Plan plan, How how, long count) {
        run(plan, how).withCloseable { Run run -> run.upTo(LENGTH, count) }
    }

    private Plan smaller(Plan plan, How how, long count) {
        Plan smallest = plan
        for (int size = plan.kept.size().intdiv(2); size > 0; size = size.intdiv(2)) {
            for (List<Integer> some : smallest.kept.collate(size)) {
                Plan candidate = smallest.without(some)
                if (differs(candidate, how, count)) {
                    smallest = candidate
                }
            }
        }
        Plan alone = smallest.leftAlone()
        differs(alone, how, count) ? alone : smallest
    }

    /** The first count of instructions at which there is a difference, and where that is. */
    private String firstInstruction(Plan plan, How how, long count) {
        long same = 0
        long different = count
        while (different - same > 1) {
            long middle = (same + different) >>> 1
            if (differs(plan, how, middle)) {
                different = middle
            } else {
                same = middle
            }
        }
        run(plan, How.INTERPRETER).withCloseable { Run run ->
            int eip = run.upTo(LENGTH, same).cpu.eip
            byte[] code = new byte[16]
            run.guest.readLinear(eip, code)
            String.format('after instruction %d, at eip %08x with code %s, %s', same, eip, code.encodeHex(), differs(plan, how, different))
        }
    }

    /** What a second of the guests so far contains. */
    String toString() {
        double seconds = nanos / 1e9d
        def each = [instructions: instructions, interrupts: interrupts, faults: faults, 'DMA transfers': transfers,
                    disturbances: disturbances, 'blocks overwritten': overwritten, 'regions translated': regions, 'TLB misses': tlbMisses]
        String.format('%d guests, %.0f s of guest time, %d ended early; each second has %s', guests, seconds, ended,
            each.collect { String what, long count -> String.format('%.0f %s', count / seconds, what) }.join(', '))
    }
}
