package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.util.concurrent.CopyOnWriteArrayList
import java.util.function.Function
import java.util.function.Predicate
import lguest.dsl.event.Happening
import lguest.dsl.event.ScriptEvent
import lguest.dsl.internal.ClosureShape
import lguest.probe.Action
import lguest.probe.Condition
import lguest.probe.Occurrence
import lguest.probe.Probe
import lguest.probe.Verb
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation

/**
 * What a verb made: {@code stop}, {@code before}, {@code after} or {@code replace} an event. It is live from the start;
 * {@code when} narrows it and {@code run} says what to do.
 */
@CompileStatic
final class Hook {
    final ScriptedGuest guest
    final ScriptEvent event
    final Verb verb
    /** Where it was set: {@code file.lgs:4}. */
    final String place

    /** What it says it does: its verb, or that of the tally it is part of; null for a part that says nothing. */
    @PackageScope
    final String word
    private final List<Probe> probes = new CopyOnWriteArrayList<>()
    private Predicate<Happening> concerns
    private Function<Happening, Object> filter
    private Function<Happening, Object> action
    private Happening now
    private long ignored
    private boolean once
    private boolean disabled
    private volatile long hits

    @PackageScope
    Hook(ScriptedGuest guest, ScriptEvent event, Verb verb, String word, String place) {
        this.guest = guest
        this.event = event
        this.verb = verb
        this.word = word
        this.place = place
    }

    /** In the past only what stops is of use, and does nothing else: what hooks did then has been done. */
    @PackageScope
    void attach() {
        probes.clear()
        if (guest.past) {
            if (verb == Verb.STOP && !disabled) {
                Predicate<Happening> narrowing = event.narrowing()
                event.on(guest).each {
                    probes << guest.engine.probes().add(it, verb, { Occurrence occurrence ->
                        holds(event.happening(occurrence, guest.engine), narrowing)
                    } as Condition, null, place)
                }
            }
            return
        }
        concerns = concerns ?: event.narrowing()
        event.on(guest).each {
            if (!it.allows(verb)) {
                throw new ScriptFailure("${verb.name().toLowerCase()} ${event}: " + (verb == Verb.REPLACE
                    ? 'only hypercalls, DMAs, port accesses and console output can be replaced' : 'nothing comes after it; say before'))
            }
            probes << guest.engine.probes().add(it, verb, this::passes as Condition, this::act as Action, place)
        }
        if (disabled) {
            probes*.disable()
        }
    }

    /** The guest is going to be another for the engine. */
    @PackageScope
    void detach() {
        probes*.remove()
        probes.clear()
    }

    /** Only where the closure says so. */
    Hook when(Closure<?> condition) {
        filter = ClosureShape.adapt(event, condition)
        this
    }

    /** What to do; in {@code stop} before stopping, in {@code replace} instead of what was to happen. */
    Hook run(Closure<?> work) {
        runs(ClosureShape.adapt(event, work))
    }

    @PackageScope
    Hook runs(Function<Happening, Object> work) {
        action = work
        this
    }

    /** Acts once and is gone. */
    Hook once() {
        once = true
        this
    }

    /** Lets so many pass first. @param count 0 or more */
    Hook ignore(long count) {
        if (count < 0) {
            throw new ScriptFailure("ignore ${count}: must be 0 or more")
        }
        ignored = count
        this
    }

    Hook enable() {
        disabled = false
        probes*.enable()
        this
    }

    Hook disable() {
        disabled = true
        probes*.disable()
        this
    }

    boolean isEnabled() { probes.any { it.enabled() } }

    /** How often it acted. */
    long getHits() { hits }

    void remove() {
        probes*.remove()
        probes.clear()
        guest.forget(this)
    }

    /** Whether it is worth a line of its own. */
    @PackageScope
    boolean isShown() { word != null && attached }

    boolean isAttached() { !probes.empty }

    @PackageScope
    boolean owns(Probe probe) { probes.any { it.is(probe) } }

    private boolean holds(Happening was, Predicate<Happening> narrowing) {
        narrowing.test(was) && (filter == null || DefaultTypeTransformation.castToBoolean(guest.session.within(guest, was, filter)))
    }

    private boolean passes(Occurrence occurrence) {
        now = event.happening(occurrence, guest.engine)
        if (!holds(now, concerns)) {
            return false
        }
        if (ignored > 0) {
            ignored--
            return false
        }
        hits++
        true
    }

    private void act(Occurrence occurrence) {
        Happening happening = now
        if (once) {
            remove()
        }
        if (action == null) {
            return
        }
        Object result = guest.session.within(guest, happening, action)
        if (verb == Verb.REPLACE && result instanceof Number && !happening.proceeds()) {
            happening.result = result
        }
    }

    @Override
    String toString() {
        "${word} ${event}${filter ? ' when { }' : ''}${attached && !enabled ? ' (disabled)' : ''}" +
            ", hits ${hits}  ${place}"
    }
}
