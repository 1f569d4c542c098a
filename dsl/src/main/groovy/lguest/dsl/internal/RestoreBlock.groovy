package lguest.dsl.internal

import groovy.transform.CompileDynamic
import groovy.transform.CompileStatic
import java.nio.file.Path
import lguest.device.BlockDisk
import lguest.device.Device
import lguest.device.ScriptedDevice
import lguest.dsl.DeviceSpec
import lguest.dsl.PageSpec
import lguest.dsl.PortSpec
import lguest.dsl.RestoreSpec
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.Session
import lguest.machine.GuestConfig
import lguest.machine.GuestConfig.Engine
import lguest.machine.Snapshot

/** Turns the words of a restore block, and what was saved, into the configuration of a guest. */
@CompileStatic
final class RestoreBlock implements RestoreSpec {
    private final Session session
    final Owner whose
    private final GuestConfig said = new GuestConfig('restored')
    private final GuestBlock words
    private final List<Path> disks = []
    private String name
    private Engine engine

    /** @param whose will have the guest once it is made */
    RestoreBlock(Session session, Owner whose) {
        this.session = session
        this.whose = whose
        words = new GuestBlock(session, said, whose)
    }

    /** The engine, devices and ports of another guest, over again, unless they have been said already. */
    @CompileDynamic
    void like(ScriptedGuest first) {
        engine = engine ?: first.engine.config().engine()
        Owner other = first.owner
        other.devices.each { String name, Closure<?> block ->
            if (!whose.devices.containsKey(name)) {
                device(name, block)
            }
        }
        other.pages.each { Object physical, Closure<?> block ->
            if (!whose.pages.containsKey(physical)) {
                page(physical, block)
            }
        }
        other.ports.each { Object number, Closure<?> block ->
            if (!whose.ports.containsKey(number)) {
                port(number, block)
            }
        }
    }

    /** @throws ScriptFailure if something that the guest had is missing, or has changed */
    GuestConfig config(Snapshot snapshot) {
        List<Path> files = snapshot.disks().withIndex().collect { String file, int i ->
            i < disks.size() ? disks[i] : session.input('block', file)
        }
        if (disks.size() > files.size()) {
            throw new ScriptFailure("block '${disks[files.size()]}': guest ${snapshot.name()} has ${files.size()} disks")
        }
        Map<String, Device> devices = said.attachments().findAll { it.device() != null }.collectEntries {
            ScriptedDevice device = (ScriptedDevice) it.device()
            [device.name(), device]
        }
        String extra = devices.keySet().find { !(it in snapshot.scriptedDevices()) }
        if (extra != null) {
            throw new ScriptFailure("device ${extra}: guest ${snapshot.name()} was saved without it" +
                Similar.hint(extra, snapshot.scriptedDevices()))
        }
        GuestConfig config
        try {
            config = snapshot.config(name ?: snapshot.name(), devices, files)
        } catch (IllegalArgumentException e) {
            throw new ScriptFailure(e.message, e)
        }
        said.consoles().each { config.console(it) }
        said.pages().each { physical, device -> config.page(physical, device) }
        said.ports().each { port, handler -> config.port(port, handler) }
        if (engine != null) {
            config.engine(engine)
        }
        config.verbose(said.verbose()).warnings { String line -> session.log("guest ${config.name()}: ${line}") }
    }

    @Override
    void name(Object name) { this.name = name.toString() }

    @Override
    void block(Object file) { disks << session.input('block', file) }

    @Override
    void device(String name, @DelegatesTo(value = DeviceSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        words.device(name, block)
    }

    @Override
    void port(Object number, @DelegatesTo(value = PortSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        words.port(number, block)
    }

    @Override
    void page(Object physical, @DelegatesTo(value = PageSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        words.page(physical, block)
    }

    @Override
    void console(Object to) { words.console(to) }

    @Override
    OutputStream getStdout() { session.stdout(name ?: 'restored') }

    @Override
    OutputStream getStderr() { session.streams.err() }

    @Override
    void engine(Engine kind) { engine = kind }

    @Override
    Engine getInterpreter() { words.interpreter }

    @Override
    Engine getTranslator() { words.translator }

    @Override
    Engine getBoth() { words.both }

    @Override
    void verbose(boolean really) { words.verbose(really) }
}
