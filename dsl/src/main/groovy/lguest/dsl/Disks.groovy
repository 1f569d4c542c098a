package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope

/** The disks of a guest, in order: {@code disks[0]} is its {@code /dev/lgba}. */
@CompileStatic
final class Disks extends AbstractList<Disk> {
    private final String guest
    private final List<Disk> disks

    @PackageScope
    Disks(String guest, List<Disk> disks) {
        this.guest = guest
        this.disks = disks
    }

    /** @throws ScriptFailure if there is no such disk */
    Disk getAt(int index) { get(index) }

    @Override
    Disk get(int index) {
        if (index < 0 || index >= disks.size()) {
            throw new ScriptFailure("disks[${index}]: guest ${guest} has ${disks.size()}")
        }
        disks[index]
    }

    @Override
    int size() { disks.size() }
}
