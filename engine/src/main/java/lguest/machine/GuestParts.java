package lguest.machine;

import java.io.Closeable;
import lguest.carrier.Carriers;
import lguest.cpu.CpuState;
import lguest.device.Bus;
import lguest.device.Console;
import lguest.device.ConsoleTranscript;
import lguest.host.Host;
import lguest.load.KernelSymbols;
import lguest.mem.LinearMemory;

/**
 * The pieces of a guest, put together by {@link GuestBuilder}.
 *
 * @param host null on a bare machine
 * @param console null on a bare machine
 * @param guestId given back when the guest has ended
 */
record GuestParts(CpuState cpu, LinearMemory linear, Machine machine, Clock clock, Host host, Bus bus, Console console,
                  ConsoleTranscript transcript, KernelSymbols symbols, ProbesHolder probes, Outside outside, Watcher watcher,
                  HypercallCounts counts, Closeable guestId, Carriers carriers) {
}
