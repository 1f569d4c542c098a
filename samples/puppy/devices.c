/* The bus: sixteen descriptors in the page right above RAM. */
#include "puppy.h"

struct lguest_device_desc *devices;

void devices_init(void)
{
        devices = io_map(memory_bytes() / PAGE_BYTES);
        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++)
                if (devices[slot].type != DEVICE_NONE)
                        device_status(slot, STATUS_ACKNOWLEDGE);
}

/* Status bits are for the launcher to read, and only ever get set. */
void device_status(u32 slot, u32 bit)
{
        devices[slot].status |= bit;
}

void devices_show(void)
{
        static const char *const types[] = { "none", "console", "net", "block" };

        printk("slot  type     features  status  pages  pfn         irq\n");
        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++) {
                struct lguest_device_desc *device = &devices[slot];
                if (device->type == DEVICE_NONE)
                        continue;
                printk("%4u  %-7s    0x%04x  0x%04x  %5u  0x%08x  %3u\n", slot,
                       device->type < COUNT_OF(types) ? types[device->type] : "other", device->features,
                       device->status, device->num_pages, device->pfn, slot + 1);
        }
}
