package lguest.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import lguest.mem.PhysicalMemory;

/**
 * The devices of one guest, in slots of a descriptor page that lies right above its RAM; their own pages follow. First every
 * device is {@linkplain #add added}, then memory of the right size is made and all are {@linkplain #attach attached}.
 */
public final class Bus implements AutoCloseable {
    public static final int SLOTS = 16;

    private static final int NOBODY = -1;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int descriptorPage;
    private final Consumer<String> warnings;
    private final List<Device> devices = new ArrayList<>();
    private PhysicalMemory memory;

    /**
     * @param ramBytes of the guest, whole pages: where the descriptor page is
     * @param warnings what the launcher says and then goes on, without {@code lguest: }
     */
    public Bus(int ramBytes, Consumer<String> warnings) {
        this.descriptorPage = ramBytes;
        this.warnings = warnings;
    }

    /**
     * Gives a device the next slot.
     *
     * @throws LauncherExit {@code too many devices} for the 17th, which is closed
     */
    public <D extends Device> D add(D device) {
        if (devices.size() == SLOTS) {
            device.close();
            throw new LauncherExit("too many devices");
        }
        devices.add(device);
        return device;
    }

    /** Pages above RAM: the descriptor page and all device memory. */
    public int pages() {
        return 1 + devices.stream().mapToInt(Device::pages).sum();
    }

    /** Writes the descriptors and tells every device where it is, in order. */
    public void attach(PhysicalMemory memory, DmaPort port) {
        attachAgain(memory, port);
        for (int slot = 0; slot < devices.size(); slot++) {
            Device device = devices.get(slot);
            new DeviceDescriptor(slot, device.type(), device.features(), 0, device.pages(), device.page() >>> PhysicalMemory.PAGE_SHIFT)
                .write(memory, descriptorPage);
            device.describe();
        }
    }

    /** As {@link #attach}, in memory where descriptors and devices' pages are there already: that of a guest that goes on. */
    public void attachAgain(PhysicalMemory memory, DmaPort port) {
        this.memory = memory;
        int next = descriptorPage + PhysicalMemory.PAGE_BYTES;
        for (Device device : devices) {
            device.attachAgain(memory, port, device.pages() == 0 ? 0 : next);
            next += device.pages() * PhysicalMemory.PAGE_BYTES;
        }
    }

    public List<Device> devices() {
        return List.copyOf(devices);
    }

    /** Physical address of the descriptor page. */
    public int descriptorPage() {
        return descriptorPage;
    }

    /** The slots in use, as they are in guest memory now; none if there is no descriptor page. */
    public List<DeviceDescriptor> descriptors() {
        if (memory == null || !memory.contains(descriptorPage, PhysicalMemory.PAGE_BYTES)) {
            return List.of();
        }
        return IntStream.range(0, SLOTS).mapToObj(slot -> DeviceDescriptor.read(memory, descriptorPage, slot))
            .filter(descriptor -> descriptor.type() != 0).toList();
    }

    /**
     * The launcher's part of SEND_DMA: finds the device that watches the key, in bus order, and stores what it says in
     * {@code used_len}. A key nobody watches is worth a warning.
     *
     * @param key private to the guest: what is shared with other guests goes there, not here
     * @param dma physical address of the struct, as the guest gave it
     * @return {@code used_len} of the struct afterwards, -1 if nobody watches the key
     * @throws LauncherExit if the struct or a section is outside memory, or the device gives up
     */
    public int send(int key, int dma) {
        Dma sent = Dma.at(memory, dma);
        for (Device device : devices) {
            if (device.watches(key)) {
                int used = device.output(key, sent);
                sent.usedLen(used);
                return used;
            }
        }
        warnings.accept("Pending dma " + Pointer.text(dma) + ", key " + Pointer.text(key));
        return NOBODY;
    }

    /**
     * What lies under a key: equal for keys that are the same word of memory. Below 2^32 it is the guest's own word; else one
     * that other guests can name too, a number for the file above, the offset in it below.
     */
    public long identity(int key) {
        for (Device device : devices) {
            int file = device.sharedFile(key);
            if (file != 0) {
                return (long) file << 32 | key & PhysicalMemory.PAGE_BYTES - 1;
            }
        }
        return Integer.toUnsignedLong(key);
    }

    // ---- keys shared with other guests

    private SharedNet sharedNet(int key) {
        for (Device device : devices) {
            if (device instanceof SharedNet net && net.sharedFile(key) != 0) {
                return net;
            }
        }
        return null;
    }

    /** The guest has bound a key: other guests must know if it is a shared one. @param index which of its bindings, 0 to 31 */
    public void bound(int index, int key) {
        SharedNet net = sharedNet(key);
        if (net != null) {
            net.bind(index, key);
        }
    }

    /** The opposite of {@link #bound}. */
    public void unbound(int index, int key) {
        SharedNet net = sharedNet(key);
        if (net != null) {
            net.unbind(index);
        }
    }

    /**
     * Sends to the guest that bound a shared key last, and waits for the outcome. Meanwhile this guest takes what others send: they
     * may wait, too.
     *
     * @return bytes transferred, or a constant of {@link Parcel}; {@link Parcel#NOBODY} also if that guest's process stands still
     *     for two seconds
     */
    public int sendShared(int key, Parcel parcel) {
        Thread sender = Thread.currentThread();
        Delivery delivery = sharedNet(key).send(key, parcel, () -> LockSupport.unpark(sender));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!delivery.answered()) {
            settleShared();
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                delivery.answer(Parcel.NOBODY);
            } else if (!delivery.answered() && !sharedPending()) {
                LockSupport.parkNanos(this, left);
            }
        }
        return delivery.outcome();
    }

    /** Whether other guests wait for this one to take what they send. Any thread; cheap. */
    public boolean sharedPending() {
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i) instanceof SharedNet net && net.inputPending()) {
                return true;
            }
        }
        return false;
    }

    /** Takes what other guests send, as far as there are buffers for it. On the guest's thread, or while it has none. */
    public void settleShared() {
        for (Device device : devices) {
            if (device instanceof SharedNet net) {
                net.settle();
            }
        }
    }

    /** The guest will never run again: others find nobody where it was, and its disks free. */
    public void retire() {
        devices.forEach(Device::retire);
    }

    /** Through whom all comes to the devices that is not determined by the guest. */
    public void foreign(Foreign foreign) {
        devices.forEach(device -> device.foreign(foreign));
    }

    // ---- input

    /** Called, on the thread that brings it, whenever something arrives for the guest: wake it if it sleeps. */
    public void onInput(Runnable wake) {
        devices.forEach(device -> device.onInput(wake));
    }

    /** Whether any device has input for the guest. Any thread; cheap enough to ask often. */
    public boolean inputPending() {
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).inputPending()) {
                return true;
            }
        }
        return false;
    }

    /** Whether input has arrived since the last {@link #service}: the rest waits for the guest, which may sleep. */
    public boolean inputArrived() {
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).inputArrived()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Moves waiting input into buffers of the guest, devices in bus order.
     *
     * @throws LauncherExit if a bound buffer is outside memory
     * @throws EmergencyExit if the user wants out
     */
    public void service() {
        for (Device device : devices) {
            if (device.inputPending()) {
                device.service();
            }
        }
    }

    // ---- time

    /** The guest's time, in nanoseconds, at which {@link #expire} is due; {@link Long#MAX_VALUE} if never. Cheap. */
    public long deadline() {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < devices.size(); i++) {
            first = Math.min(first, devices.get(i).deadline());
        }
        return first;
    }

    /** Lets devices do what is due, in bus order. @param now the guest's time, in nanoseconds */
    public void expire(long now) {
        for (Device device : devices) {
            if (device.deadline() <= now) {
                device.expire();
            }
        }
    }

    @Override
    public void close() {
        devices.forEach(Device::close);
    }
}
