package lguest.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What the code of others may leave behind when it was called, beside registers and memory of the guest. */
public interface Leftover {
    Leftover NOTHING = new Leftover() {
        @Override
        public void save(DataOutput out) {
        }

        @Override
        public void load(DataInput in) {
        }
    };

    /** Writes it, for {@link #load}. */
    void save(DataOutput out) throws IOException;

    /** The opposite of {@link #save}. */
    void load(DataInput in) throws IOException;
}
