package lguest.machine;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lguest.device.Device;

/**
 * A network card, and what it will be connected to.
 *
 * @param meetsGuests whether guests of other processes may be there, too
 */
public record Network(boolean meetsGuests, Opener opener) {
    /** Makes the card when the guest is made. */
    @FunctionalInterface
    public interface Opener {
        /**
         * @param nanos the guest's time
         * @param warnings takes what the launcher warns of
         * @param verbose takes the launcher's diagnostics
         * @throws lguest.device.LauncherExit if what it leads to cannot be had
         */
        Device open(LongSupplier nanos, Consumer<String> warnings, Consumer<String> verbose);
    }
}
