package lguest.host;

import lguest.cpu.CpuState;

/**
 * What differs from one generation of lguest to the next.
 *
 * @param name the kernels that speak it
 * @param calls the hypercalls and their numbers
 * @param registers where a direct call has its number and arguments
 * @param ring the shape of the ring of asynchronous calls
 * @param data the layout of the page that guest and Host share
 */
public record Generation(String name, HypercallTable calls, Registers registers, RingLayout ring,
                         LguestData.Layout data) {
    /** Register numbers ({@link CpuState#EAX} and so on) of a direct call. */
    public record Registers(int number, int a1, int a2, int a3) {
    }

    /** Offsets inside one entry of the ring. */
    public record RingLayout(int entryBytes, int number, int a1, int a2, int a3) {
    }

    /** Linux 2.6.23. */
    public static final Generation G1 = new Generation("2.6.23", Hypercalls.GENERATION_1,
        new Registers(CpuState.EAX, CpuState.EDX, CpuState.EBX, CpuState.ECX),
        new RingLayout(16, 0, 4, 8, 12),
        new LguestData.Layout(0x468, 0x000, 0x004, 0x008, 0x00C, 0x014, 0x054, 0x454, 0x458, 0x45C, 0x460, 0x464));
}
