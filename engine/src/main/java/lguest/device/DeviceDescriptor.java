package lguest.device;

import lguest.mem.PhysicalMemory;

/**
 * One {@code struct lguest_device_desc} of the descriptor page: 12 bytes.
 *
 * <pre>
 * 0 type  u16    2 features u16    4 status u16 (the guest's)    6 num_pages u16    8 pfn u32
 * </pre>
 *
 * @param type 0 is an empty slot
 * @param status written by the guest: 1 ACKNOWLEDGE, 2 DRIVER, 4 DRIVER_OK, 0x80 FAILED; 7 is a device in use
 * @param pfn page number of device memory, 0 if none
 */
public record DeviceDescriptor(int slot, int type, int features, int status, int pages, int pfn) {
    public static final int BYTES = 12;

    /** @param page physical address of the descriptor page */
    public static DeviceDescriptor read(PhysicalMemory memory, int page, int slot) {
        int at = page + slot * BYTES;
        return new DeviceDescriptor(slot, memory.read16(at), memory.read16(at + 2), memory.read16(at + 4), memory.read16(at + 6),
            memory.read32(at + 8));
    }

    /** Writes all but the status, which is the guest's. */
    void write(PhysicalMemory memory, int page) {
        int at = page + slot * BYTES;
        memory.write16(at, type);
        memory.write16(at + 2, features);
        memory.write16(at + 6, pages);
        memory.write32(at + 8, pfn);
    }

    /** The interrupt line that the guest's driver binds for this slot. */
    public int irq() {
        return slot + 1;
    }
}
