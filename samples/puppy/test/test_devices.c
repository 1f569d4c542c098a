/* Statements 57 to 72: bindings, descriptors, the disk. */
#include "test.h"

static void test_bindings(void)
{
        static struct lguest_dma arrays[LGUEST_IRQS];
        u32 key = pa(&spare_key), ours = 1 + disk_count, bound = 0;

        check(57, "BIND_DMA with irq 32", bind(key, &spare_a, 1 << 8 | LGUEST_IRQS), 0);
        check(57, "unbind of what is not bound", unbind(key, &spare_a), 0);
        while (bound < COUNT_OF(arrays) && bind(key, &arrays[bound], SPARE_KEY_IRQ))
                bound++;
        check(57, "32 bindings, no more", ours + bound, 32);
        while (bound)
                unbind(key, &arrays[--bound]);
}

/* With nobody at the other end a packet goes nowhere, quietly. */
static void test_sharenet(void)
{
        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++) {
                if (devices[slot].type != DEVICE_NET || !(devices[slot].features & NET_NO_CHECKSUM))
                        continue;
                u32 key = devices[slot].pfn * PAGE_BYTES + 4 * (devices[slot].features & 0xFFF);
                struct lguest_dma packet = { .addr = { pa(&spare_key) }, .len = { 4 } };
                spare_a = (struct lguest_dma){ .addr = { pa(&spare_b) }, .len = { 4 } };
                forget_seen();
                bind(key, &spare_a, SPARE_KEY_IRQ);
                hcall(LHCALL_SEND_DMA, key, pa(&packet), 0);
                irq_enable();
                a_while();
                irq_disable();
                check(58, "sharenet, alone: no interrupt", seen.count, 0);
                check(58, "sharenet, alone: used_len stays 0", *(volatile u32 *)&packet.used_len, 0);
                unbind(key, &spare_a);
                return;
        }
        skip(58, "sharenet, alone: no such device");
}

static void test_crossing(void)
{
        static char pages[2 * PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
        static const char text[] = "# this line crosses a page\n";
        char *start = pages + PAGE_BYTES - 10;
        struct lguest_dma dma = { .addr = { pa(start) }, .len = { sizeof text - 1 } };

        memcpy(start, text, sizeof text - 1);
        hcall(LHCALL_SEND_DMA, CONSOLE_KEY, pa(&dma), 0);
        check(62, "a section that crosses a page is printed", *(volatile u32 *)&dma.used_len, sizeof text - 1);
}

static void test_descriptors(void)
{
        u32 pfn = memory_bytes() / PAGE_BYTES + 1, wrong = 0, not_driven = 0;
        bool console = false;

        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++) {
                struct lguest_device_desc *device = &devices[slot];
                switch (device->type) {
                case DEVICE_CONSOLE:
                        wrong += device->features || device->num_pages || device->pfn || console;
                        console = true;
                        not_driven += device->status != 7;
                        break;
                case DEVICE_BLOCK:
                        wrong += device->features != RANDOMNESS || device->num_pages != 1 || device->pfn != pfn;
                        not_driven += device->status != 7;
                        break;
                case DEVICE_NONE:
                        wrong += device->features || device->num_pages || device->pfn || !console;
                }
                pfn += device->num_pages;
        }
        check(64, "descriptors: slots, features and pages in order, the console after disks and nets", wrong, 0);
        check(72, "status of our devices: 7", not_driven, 0);
}

/* One request with interrupts off, so that we see used_len before the driver's handler does. */
static u32 request(u32 line, bool write, u32 sector, struct lguest_dma *data, u32 bytes)
{
        volatile struct lguest_block_page *page = disks[0].page;
        struct lguest_dma nothing = { .used_len = 0 };
        struct lguest_dma *bound = write ? &spare_b : data, *sent = write ? data : &nothing;

        spare_b = nothing;
        bind(disks[0].key, bound, 1 << 8 | line);
        page->type = write;
        page->sector = sector;
        page->bytes = bytes;
        page->result = 0;
        hcall(LHCALL_SEND_DMA, disks[0].key, pa(sent), 0);
        unbind(disks[0].key, bound);
        return page->result;
}

static void test_disk(void)
{
        static u8 sectors[8 * SECTOR_BYTES] __attribute__((aligned(PAGE_BYTES)));
        static struct lguest_dma dma;
        const struct lguest_dma page = { .addr = { pa(sectors) }, .len = { sizeof sectors } };
        const struct lguest_dma sector = { .addr = { pa(sectors) }, .len = { SECTOR_BYTES } };
        u32 last = disks[0].page->num_sectors - 1;

        forget_seen();
        if (last >= 7) {
                dma = page;
                check(65, "disk: read of 8 sectors, result", request(30, false, 0, &dma, sizeof sectors), 1);
                check(65, "disk: read of 8 sectors, used_len", dma.used_len, sizeof sectors);
                irq_enable();
                saw(1);
                irq_disable();
                check(65, "disk: read of 8 sectors, interrupt", seen.order, 30);
        } else {
                skip(65, "disk: read of 8 sectors: the disk is smaller");
        }
        dma = page;
        check(65, "disk: a read that reaches the end falls short, result",
              request(30, false, last, &dma, sizeof sectors), 2);
        dma = sector;
        check(66, "disk: the last sector counted can be read", request(30, false, last, &dma, SECTOR_BYTES), 1);
        dma = sector;
        check(65, "disk: and written back", request(30, true, last, &dma, SECTOR_BYTES), 1);
        check(65, "disk: used_len of what was sent", dma.used_len, 0);
        irq_enable();
        a_while();
        irq_disable();
}

void test_devices(void)
{
        test_bindings();
        test_sharenet();
        test_crossing();
        test_descriptors();
        if (disk_count && disks[0].page->num_sectors)
                test_disk();
        else
                skip(65, "disk: there is none");
}
