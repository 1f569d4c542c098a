/* Disks: a request in the device's page, the data by DMA, an interrupt when it is done. */
#include "puppy.h"

struct disk disks[MAX_DISKS];
u32 disk_count;

static void disk_done(u32 line, struct frame *frame)
{
        (void)frame;
        for (u32 i = 0; i < disk_count; i++) {
                if (disks[i].slot + 1 != line || !disks[i].page->result)
                        continue;
                disks[i].bound.used_len = 0;
                disks[i].done = true;
        }
}

void block_init(void)
{
        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++) {
                if (devices[slot].type != DEVICE_BLOCK || disk_count == MAX_DISKS)
                        continue;
                struct disk *disk = &disks[disk_count];
                device_status(slot, STATUS_DRIVER);
                disk->slot = slot;
                disk->key = devices[slot].pfn * PAGE_BYTES;
                disk->page = io_map(devices[slot].pfn);
                if (!hcall(LHCALL_BIND_DMA, disk->key, pa(&disk->bound), 1 << 8 | (slot + 1)))
                        panic("disk %u: BIND_DMA of key 0x%x refused", disk_count, disk->key);
                irq_request(slot + 1, "disk", disk_done);
                device_status(slot, STATUS_DRIVER_OK);
                disk_count++;
        }
}

/*
 * Up to one page from or to `buffer`, which must not cross one.  A write sends its data; a read
 * leaves a place for it in the bound struct and sends an empty one.  Returns the device's result,
 * 1 if all went well.  There is no such thing as a failed request beyond the end of the disk: the
 * launcher gives up on the guest.  So we look before we ask.
 */
int disk_transfer(struct disk *disk, bool write, u32 sector, void *buffer, u32 bytes)
{
        struct lguest_dma data = { .addr = { pa(buffer) }, .len = { bytes } };
        struct lguest_dma nothing = { .used_len = 0 };

        disk->done = false;
        disk->page->type = write;
        disk->page->sector = sector;
        disk->page->bytes = bytes;
        disk->page->result = 0;
        disk->bound = write ? nothing : data;
        asm volatile("" ::: "memory");
        hcall(LHCALL_SEND_DMA, disk->key, pa(write ? &data : &nothing), 0);
        wait_until(disk->done);
        if (write)
                disk->writes++;
        else
                disk->reads++;
        return disk->page->result;
}

void disks_show(void)
{
        if (!disk_count)
                printk("no disks\n");
        for (u32 i = 0; i < disk_count; i++)
                printk("lgb%c: %u sectors, key 0x%08x, irq %u, %u reads, %u writes\n", 'a' + i,
                       disks[i].page->num_sectors, disks[i].key, disks[i].slot + 1, disks[i].reads,
                       disks[i].writes);
}
