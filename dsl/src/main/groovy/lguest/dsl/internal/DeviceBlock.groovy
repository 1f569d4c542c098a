package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.time.Duration
import lguest.device.DmaMessage
import lguest.device.ScriptedDevice
import lguest.dsl.DeviceSpec
import lguest.dsl.ScriptFailure

/** Turns the words of a device block into a device. */
@CompileStatic
final class DeviceBlock implements DeviceSpec {
    private final String name
    private final Owner owner
    private Integer type
    private int pages = 1
    private int features
    private Closure<?> sent
    private ScriptedDevice device
    private final Map<String, Object> state = [:]
    private final Map<String, Closure<?>> timers = [:]

    private DeviceBlock(String name, Owner owner) {
        this.name = name
        this.owner = owner
    }

    /** @throws ScriptFailure if the block makes no device */
    static ScriptedDevice of(String name, @DelegatesTo(value = DeviceSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block,
                             Owner owner) {
        DeviceBlock words = Delegation.configure(block, DeviceSpec, new DeviceBlock(name, owner))
        words.build()
    }

    private ScriptedDevice build() {
        if (type == null) {
            throw new ScriptFailure("device ${name}: say its type, 4 to 65535")
        }
        try {
            device = new ScriptedDevice(name, type, features, pages)
        } catch (IllegalArgumentException e) {
            throw new ScriptFailure(e.message, e)
        }
        if (sent != null) {
            Closure action = Delegation.bound(sent, this)
            device.sent { DmaMessage message -> deliver(action, message) }
        }
        timers.each { timer, strikes ->
            Closure action = Delegation.bound(strikes, this)
            device.timer(timer) { strike(action) }
        }
        device.remembers({ Memento.bytes(name, state) }, { byte[] saved ->
            state.clear()
            state.putAll(Memento.map(saved))
        })
        device
    }

    private void strike(Closure action) { owner.guarded { action.call() } }

    private void deliver(Closure action, DmaMessage message) { owner.guarded { action.call(message) } }

    @Override
    void type(Object number) { type = whole('type', number) }

    @Override
    void pages(Object count) { pages = whole('pages', count) }

    @Override
    void features(Object bits) { features = whole('features', bits) }

    @Override
    void sent(Closure<?> action) { sent = action }

    @Override
    void timer(String name, Closure<?> action) { timers[name] = action }

    @Override
    void start(String timer, Object time) {
        if (!(time instanceof Duration)) {
            throw new ScriptFailure("device ${name}: start '${timer}', ${time}: say the unit, ${time}.ms")
        }
        if (!timers.containsKey(timer)) {
            throw new ScriptFailure("device ${name}: no timer '${timer}'" + Similar.hint(timer, timers.keySet()))
        }
        made('start').start(timer, ((Duration) time).toNanos())
    }

    @Override
    void stop(String timer) { made('stop').stop(timer) }

    @Override
    void raise(int line) {
        if (line < 0 || line > 31) {
            throw new ScriptFailure("device ${name}: raise ${line}: lines are 0 to 31")
        }
        made('raise').raise(line)
    }

    @Override
    long getKey() { made('key').page() & 0xFFFFFFFFL }

    private ScriptedDevice made(String word) {
        if (device == null) {
            throw new ScriptFailure("device ${name}: ${word} belongs into sent { } or timer { }")
        }
        device
    }

    @Override
    Map<String, Object> getState() { state }

    @Override
    void reply(Object data) {
        made('reply')
        switch (data) {
            case byte[]: device.reply((byte[]) data); break
            case CharSequence: device.reply(data.toString()); break
            default: throw new ScriptFailure("device ${name}: reply ${data}: give text or a byte[]")
        }
    }

    private int whole(String word, Object value) {
        if (!(value instanceof Integer)) {
            throw new ScriptFailure("device ${name}: ${word} ${value}: give a number")
        }
        (int) value
    }
}
