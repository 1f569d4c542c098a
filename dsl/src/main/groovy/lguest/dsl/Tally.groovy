package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.util.function.Function
import lguest.dsl.event.Happening
import lguest.dsl.event.ScriptEvent
import lguest.dsl.internal.ClosureShape
import lguest.dsl.internal.Table
import lguest.probe.Verb

/**
 * How often something happened, by whatever a closure says of it: {@code count hypercalls by { it.name } top 10}. A timing tally
 * also knows how long the host took over it.
 */
@CompileStatic
final class Tally {
    private static final class Line {
        long count
        long nanos
        long mostNanos

        long getMean() { nanos.intdiv(count) as long }
    }

    final ScriptEvent event
    final boolean timing
    private final Map<Object, Line> lines = [:]
    private final List<Hook> hooks = []
    private Function<Happening, Object> key = { Happening it -> it.name } as Function<Happening, Object>
    private Function<Happening, Object> action
    private int most = Integer.MAX_VALUE
    private long began

    private Tally(ScriptEvent event, boolean timing) {
        this.event = event
        this.timing = timing
    }

    @PackageScope
    static Tally counting(ScriptedGuest guest, ScriptEvent event) {
        Tally tally = new Tally(event, false)
        tally.watch(guest, Verb.BEFORE, 'count') { Happening it -> tally.add(it, 0) }
        tally
    }

    @PackageScope
    static Tally timing(ScriptedGuest guest, ScriptEvent event) {
        if (!event.takesTime()) {
            throw new ScriptFailure("time ${event}: only hypercalls, DMAs, port accesses and console output take time")
        }
        Tally tally = new Tally(event, true)
        tally.watch(guest, Verb.BEFORE, null) { Happening it -> tally.began = System.nanoTime() }
        tally.watch(guest, Verb.AFTER, 'time') { Happening it -> tally.add(it, System.nanoTime() - tally.began) }
        tally
    }

    private void watch(ScriptedGuest guest, Verb verb, String word, Closure<?> work) {
        hooks << guest.hook(event, verb, word).runs(work as Function<Happening, Object>)
    }

    private void add(Happening happening, long nanos) {
        note(happening, nanos)
        action?.apply(happening)
    }

    private synchronized void note(Happening happening, long nanos) {
        Line line = lines.computeIfAbsent(key.apply(happening)) { new Line() }
        line.count++
        line.nanos += nanos
        line.mostNanos = Math.max(line.mostNanos, nanos)
    }

    /** What to tell apart; by the event's name unless said otherwise. */
    Tally by(Closure<?> what) {
        key = ClosureShape.adapt(event, what)
        this
    }

    /** Shows only so many lines, the largest. */
    Tally top(int lines) {
        most = lines
        this
    }

    /** Only where the closure says so. */
    Tally when(Closure<?> condition) {
        hooks*.when(condition)
        this
    }

    /** What to do besides, each time. */
    Tally run(Closure<?> work) {
        action = ClosureShape.adapt(event, work)
        this
    }

    /** Counts one and is gone. */
    Tally once() {
        hooks*.once()
        this
    }

    /** Lets so many pass first. */
    Tally ignore(long count) {
        hooks*.ignore(count)
        this
    }

    Tally enable() {
        hooks*.enable()
        this
    }

    Tally disable() {
        hooks*.disable()
        this
    }

    boolean isEnabled() { hooks.any { it.enabled } }

    void remove() { hooks*.remove() }

    /** The largest first. */
    synchronized Map<Object, Long> getCounts() {
        order().collectEntries { [it.key, it.value.count] } as Map<Object, Long>
    }

    synchronized long getTotal() { lines.values().sum(0L) { ((Line) it).count } as long }

    /** How often: {@code tally['SET_PTE']}; 0 for what did not happen. */
    synchronized long getAt(Object key) {
        Map.Entry<Object, Line> found = lines.find { it.key == key || it.key.toString() == key.toString() }
        found == null ? 0 : found.value.count
    }

    /** A text in brackets would be a property otherwise. */
    long getAt(String key) { getAt((Object) key) }

    private List<Map.Entry<Object, Line>> order() {
        lines.entrySet().sort(false) { Map.Entry<Object, Line> a, Map.Entry<Object, Line> b ->
            (timing ? b.value.nanos <=> a.value.nanos : 0) ?: b.value.count <=> a.value.count ?: "${a.key}" <=> "${b.key}"
        }
    }

    /** What was counted, as a table of text. */
    synchronized Table table() {
        List<Map.Entry<Object, Line>> shown = order()
        Table table = timing ? new Table('what', 'count', 'total us', 'mean us', 'most us') : new Table('what', 'count')
        shown.take(Math.min(most, shown.size())).each { entry ->
            Line line = entry.value
            table.add(timing ? [show(entry.key), line.count, us(line.nanos), us(line.mean), us(line.mostNanos)]
                : [show(entry.key), line.count])
        }
        if (shown.size() > most) {
            table.add(["${shown.size() - most} more", '', '', '', ''].take(timing ? 5 : 2))
        }
        table
    }

    private static String us(long nanos) { String.format(Locale.ROOT, '%.1f', nanos / 1000d) }

    private static Object show(Object key) {
        key instanceof Long && (long) key > 0xFFFF ? String.format('0x%08x', key) : key
    }

    /** {@code count hypercalls}. */
    String getTitle() { "${timing ? 'time' : 'count'} ${event}" }

    @Override
    String toString() { table().toString() }
}
