package lguest.machine;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lguest.cpu.CpuState;
import lguest.device.Device;
import lguest.device.Leftover;
import lguest.probe.ProbeFailure;

/** Something that came to a guest from outside, as a value that can come to it again. */
sealed interface Input {
    /** @param left what the code that did this left behind beside the guest, where code was called */
    void into(Guest guest, Leftover left);

    /** Somebody has set registers. */
    record Registers(int[] general, int eip, int eflags, int cr2) implements Input {
        static Registers of(CpuState cpu) {
            return new Registers(cpu.regs.clone(), cpu.eip, cpu.eflags(), cpu.cr2);
        }

        boolean still(CpuState cpu) {
            return eip == cpu.eip && cr2 == cpu.cr2 && Arrays.equals(general, cpu.regs) && eflags == cpu.eflags();
        }

        @Override
        public void into(Guest guest, Leftover left) {
            CpuState cpu = guest.cpu();
            System.arraycopy(general, 0, cpu.regs, 0, general.length);
            cpu.eip = eip;
            cpu.setEflags(eflags);
            cpu.cr2 = cr2;
        }

        @Override
        public String toString() {
            return String.format("registers, eip 0x%08x", eip);
        }
    }

    /** Somebody has written to memory, within one page. */
    record Written(int physical, byte[] bytes) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.physical().write(physical, bytes, 0, bytes.length);
        }

        @Override
        public String toString() {
            return String.format("%d bytes at physical 0x%08x", bytes.length, physical);
        }
    }

    /** Somebody has raised an interrupt. @param polls whether it is tried at once */
    record Raised(int line, boolean polls) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.raisedAgain(line, polls);
        }

        @Override
        public String toString() {
            return "interrupt " + line;
        }
    }

    /** Somebody has woken the guest. */
    record Roused() implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.rousedAgain();
        }

        @Override
        public String toString() {
            return "woken";
        }
    }

    /** Somebody has ended the guest. */
    record Exited(int value) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.exitedAgain(value);
        }

        @Override
        public String toString() {
            return "exit " + value;
        }
    }

    /** Somebody has filled a buffer of the guest's. */
    record Sent(int key, byte[] bytes) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.sentAgain(key, bytes);
        }

        @Override
        public String toString() {
            return String.format("%d bytes to key 0x%x", bytes.length, key);
        }
    }

    /** Something has come to a device, which is like this since. */
    record Brought(int slot, String what, byte[] device) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            Device to = guest.bus().devices().get(slot);
            load(to, device);
            to.arrived();
        }

        @Override
        public String toString() {
            return what;
        }
    }

    /** Code that was called has left this behind. */
    record Left(byte[] bytes) implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            load(left, bytes);
        }

        @Override
        public String toString() {
            return "an answer of " + bytes.length + " bytes: " + new String(bytes, StandardCharsets.ISO_8859_1)
                .replaceAll("[^ -~]+", ".");
        }
    }

    /** Code that was called has failed, and the guest was stopped there. */
    record Failed() implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            throw new ProbeFailure();
        }

        @Override
        public String toString() {
            return "a failure";
        }
    }

    /** Somebody has stopped the guest before a fault was delivered: its instruction was executed again. */
    record HeldBack() implements Input {
        @Override
        public void into(Guest guest, Leftover left) {
            guest.heldBackAgain();
        }

        @Override
        public String toString() {
            return "stopped before a fault";
        }
    }

    private static void load(Leftover left, byte[] bytes) {
        try {
            left.load(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }
}
