package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.time.Duration
import lguest.device.BlockDisk
import lguest.device.DiskRequest

/** A disk of a guest: what has gone through it, and a way to make it fail. */
@CompileStatic
final class Disk {
    private final ScriptedGuest guest
    private final int index
    private Closure<?> fault

    @PackageScope
    Disk(ScriptedGuest guest, int index) {
        this.guest = guest
        this.index = index
    }

    private BlockDisk getEngine() { ScriptedGuest.disksOf(guest.engine)[index] }

    private Object state(String what) { guest.look { engine.state()[what] } }

    /** As Linux calls it: {@code lgba} is the first. */
    String getName() { "lgb${(char) ('a' as char) + index as char}" }

    /** The file of the host. */
    String getPath() { state('path') }

    /** Of 512 bytes. */
    long getSectors() { state('sectors') as long }

    /** How often the guest has asked for something; {@link #getFailed failed} is how often it did not get it. */
    long getRequests() { state('requests') as long }
    long getFailed() { state('failed') as long }
    long getReads() { state('reads') as long }
    long getReadBytes() { state('readBytes') as long }
    long getWrites() { state('writes') as long }
    long getWrittenBytes() { state('writtenBytes') as long }

    /** Time of the host that all of it took. */
    Duration getBusy() { Duration.ofNanos(state('busyNanos') as long) }

    /**
     * From now on a closure sees each {@link Request}, and may spoil it: {@code fault { if (it.write) it.fail() }}. One at a time;
     * {@code fault null} ends it.
     */
    void fault(Closure<?> closure) {
        fault = closure
        attach()
    }

    @PackageScope
    void attach() {
        Closure<?> closure = fault
        guest.look {
            engine.onRequest { DiskRequest request -> if (closure != null) guest.guarded { closure.call(new Request(request)) } }
        }
    }

    @Override
    String toString() {
        "${name} ${path}: ${sectors} sectors, ${requests} requests (${failed} failed): ${amount('read', reads, readBytes)}, " +
            "${amount('written', writes, writtenBytes)}, in ${busy.toMillis()} ms"
    }

    private static String amount(String what, long times, long bytes) { "${bytes} bytes ${what} in ${times}" }
}
