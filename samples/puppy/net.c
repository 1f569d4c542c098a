/* The network card: a page of MAC addresses, a key for each of its slots, and some buffers bound to ours. */
#include "net.h"

#define BUFFERS 16

static volatile u8 *page;
static u32 key, me;
static struct lguest_dma receive_dma[BUFFERS];
static u8 receive_buffer[BUFFERS][2048] __attribute__((aligned(2048)));        /* no frame crosses a page */
static u8 frame[2048] __attribute__((aligned(2048)));

u8 net_mac[MAC_BYTES];
bool net_up, net_checksums;

static void frames_arrived(u32 line, struct frame *context)
{
        (void)line, (void)context;
        for (u32 i = 0; i < BUFFERS; i++) {
                u32 bytes = *(volatile u32 *)&receive_dma[i].used_len;
                if (!bytes)
                        continue;
                if (bytes >= ETHERNET_BYTES && bytes <= FRAME_BYTES)
                        ip_receive(receive_buffer[i], bytes);
                asm volatile("" ::: "memory");
                *(volatile u32 *)&receive_dma[i].used_len = 0;
        }
}

bool net_start(void)
{
        u32 slot = 0;

        while (slot < LGUEST_MAX_DEVICES && devices[slot].type != DEVICE_NET)
                slot++;
        if (slot == LGUEST_MAX_DEVICES)
                return false;
        device_status(slot, STATUS_DRIVER);
        key = devices[slot].pfn * PAGE_BYTES;
        page = io_map(devices[slot].pfn);
        me = devices[slot].features & 0xFFF;
        net_checksums = !(devices[slot].features & NET_NO_CHECKSUM);
        net_mac[0] = 2;
        net_mac[2] = lguest_data.guestid;
        net_mac[3] = lguest_data.guestid >> 8;
        for (u32 i = 0; i < BUFFERS; i++) {
                receive_dma[i].addr[0] = pa(receive_buffer[i]);
                receive_dma[i].len[0] = FRAME_BYTES;
        }
        irq_request(slot + 1, "net", frames_arrived);
        if (!hcall(LHCALL_BIND_DMA, key + 4 * me, pa(receive_dma), BUFFERS << 8 | (slot + 1)))
                panic("net: BIND_DMA of key 0x%x refused", key + 4 * me);
        for (u32 i = MAC_BYTES; i-- > 0;)
                page[MAC_BYTES * me + i] = net_mac[i];          /* the first byte last: it says we are here */
        device_status(slot, STATUS_DRIVER_OK);
        net_up = true;
        return true;
}

u8 *net_frame(void)
{
        return frame + ETHERNET_BYTES;
}

/* Whether a slot's guest wants a frame: bit 0 of its MAC says it wants them all. */
static bool wants(u32 slot, const u8 *to)
{
        volatile const u8 *mac = page + MAC_BYTES * slot;

        if (slot == me || !mac[0])
                return false;
        if ((to[0] & 1) || (mac[0] & 1))
                return true;
        for (u32 i = 0; i < MAC_BYTES; i++)
                if (mac[i] != to[i])
                        return false;
        return true;
}

static bool send_to(u32 slot, u32 bytes)
{
        struct lguest_dma dma = { .addr = { pa(frame) }, .len = { bytes } };

        hcall(LHCALL_SEND_DMA, key + 4 * slot, pa(&dma), 0);
        return *(volatile u32 *)&dma.used_len == bytes;
}

bool net_send(const u8 *to, u16 type, u32 bytes)
{
        bool taken = false;

        memcpy(frame, to, MAC_BYTES);
        memcpy(frame + MAC_BYTES, net_mac, MAC_BYTES);
        put16(frame + 12, type);
        for (u32 slot = 0; slot < PAGE_BYTES / MAC_BYTES; slot++)
                if (wants(slot, to))
                        taken |= send_to(slot, ETHERNET_BYTES + bytes);
        return taken;
}
