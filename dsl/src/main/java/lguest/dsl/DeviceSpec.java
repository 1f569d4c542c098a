package lguest.dsl;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.util.Map;

/** The words inside {@code device('name') { }}: a device at the DMA key that is the address of its first page. */
public interface DeviceSpec {
    /** @param number {@code lguest_device_desc.type}, 4 to 65535: 1, 2 and 3 are console, net and block */
    void type(Object number);

    /** @param count of device memory, 1 to 65535; 1 unless said otherwise */
    void pages(Object count);

    /** @param bits {@code lguest_device_desc.features}, 16 of them */
    void features(Object bits);

    /**
     * What to do with each message of the guest.
     *
     * @param action gets a {@link lguest.device.DmaMessage}: its {@code bytes}, {@code text} and {@code key}
     */
    void sent(@DelegatesTo(value = DeviceSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> action);

    /**
     * What to do when a timer strikes, to be set by {@code start}: {@code timer('done') { reply 'it is done' }}. That it is set is saved
     * with the guest.
     */
    void timer(String name, @DelegatesTo(value = DeviceSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> action);

    /** Sets a timer, once: {@code start 'done', 10.ms} of guest time from now on. A timer may set itself again. */
    void start(String timer, Object time);

    /** Forgets that a timer is set. */
    void stop(String timer);

    /** Raises an interrupt line of the guest, 0 to 31; {@code reply} raises the one that the guest bound its buffer with. */
    void raise(int line);

    /** The physical address of the device's first page, which is its DMA key: {@code physical[key]} is a register there. */
    long getKey();

    /**
     * What the device remembers: {@code state.seed = 1}. It is saved with the guest and is there again in a restored one and in a fork;
     * variables of the script are not.
     *
     * @return a map from names to numbers, text, {@code byte[]}, booleans, and lists and maps of these
     */
    Map<String, Object> getState();

    /**
     * Fills the buffer that the guest bound, or the next one it binds, and raises its interrupt. What does not fit is cut off.
     *
     * @param data text (sent as UTF-8) or a {@code byte[]}
     */
    void reply(Object data);
}
