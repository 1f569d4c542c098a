package lguest.device;

/**
 * Lets the code of others act on a guest. While a guest is recorded, what came of it is noted; when it is replayed the code is not
 * called, and the same comes of it.
 */
public interface Foreign {
    /** There is no such code at this place: as good as none, and quicker. */
    Runnable NOBODY = () -> { };

    Foreign PLAIN = new Foreign() {
        @Override
        public void call(Leftover left, Runnable code) {
            code.run();
        }

        @Override
        public void bring(Device device, String what, Runnable code) {
            code.run();
        }

        @Override
        public void raised(int line) {
        }
    };

    /**
     * The guest has got to a place where code of others is called, on its thread. Whether there is any must not change how often
     * this is called.
     *
     * @param left what the code may change, beside the guest's registers and memory
     */
    void call(Leftover left, Runnable code);

    /**
     * Something comes in for a device: any thread, any time. Never waits.
     *
     * @param what it is, for people
     * @param code changes the device and nothing else; is called here and now, or soon by whoever runs the guest
     */
    void bring(Device device, String what, Runnable code);

    /** Code of others has raised an interrupt line. */
    void raised(int line);
}
