package lguest.dsl;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.io.OutputStream;
import lguest.machine.GuestConfig.Engine;

/**
 * The words inside {@code restore('file') { }} and {@code fork('name') { }}: what is outside a guest, and so not saved with it. The
 * rest is as it was. Words of {@link GuestSpec} mean here what they mean there.
 */
public interface RestoreSpec {
    /** What the guest is called from now on; unless said otherwise, what it was called when it was saved. */
    void name(Object name);

    /** The file of the first disk, of the next one when said again; unless said otherwise, the files that were the guest's disks. */
    void block(Object file);

    /** A device that the guest was saved with; a fork has those of the first guest anyway. It gets its {@code state} back. */
    void device(String name, @DelegatesTo(value = DeviceSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** What answers at a port of a bare guest; a fork has those of the first guest anyway. */
    void port(Object number, @DelegatesTo(value = PortSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** What answers in a page of a bare guest; a fork has those of the first guest anyway. */
    void page(Object physical, @DelegatesTo(value = PageSpec.class, strategy = Closure.DELEGATE_FIRST) Closure<?> block);

    /** Where console output goes from now on, besides {@code console.text}. */
    void console(Object to);

    OutputStream getStdout();

    OutputStream getStderr();

    /** Which engine executes it; unless said otherwise, that of the first guest for a fork, and the usual one for a restored guest. */
    void engine(Engine kind);

    Engine getInterpreter();

    Engine getTranslator();

    Engine getBoth();

    /** Says what the launcher would say with {@code --verbose}, on standard error. */
    void verbose(boolean really);
}
