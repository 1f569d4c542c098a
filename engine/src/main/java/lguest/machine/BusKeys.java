package lguest.machine;

import lguest.device.Bus;
import lguest.device.Parcel;
import lguest.host.KeySpace;

/** The keys of a guest as its devices have them: some pages are shared with other guests. */
record BusKeys(Bus bus) implements KeySpace {
    @Override
    public long identity(int key) {
        return bus.identity(key);
    }

    @Override
    public void bound(int index, int key) {
        bus.bound(index, key);
    }

    @Override
    public void unbound(int index, int key) {
        bus.unbound(index, key);
    }

    @Override
    public int send(int key, Parcel parcel) {
        return bus.sendShared(key, parcel);
    }
}
