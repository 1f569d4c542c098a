/* ARP (RFC 826), IPv4 (RFC 791), ICMP echo (RFC 792) and UDP (RFC 768), with a UDP echo at port 7 (RFC 862). */
#include "net.h"

#define NEIGHBOURS 8
enum { UDP_BYTES = 8, ICMP_BYTES = 8, ECHO_PORT = 7, OUR_PORT = 1007 };
enum icmp_type { ECHO_REPLY = 0, ECHO_REQUEST = 8 };
enum { ARP_REQUEST = 1, ARP_REPLY = 2, ARP_BYTES = 28 };

u32 ip_address;
static u32 gateway;
static struct peer neighbours[NEIGHBOURS];
static u32 next_neighbour;
static u16 packets;

static volatile u32 pings_answered, flood_left;
static volatile u64 answered_nsec;
static char echoed[64];
static volatile bool echo_arrived;

void ip_print(u32 address)
{
        printk("%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

static bool parse_address(const char *text, u32 *address)
{
        for (u32 part = 0; part < 4; part++) {
                char digits[4];
                u32 used = 0, value;
                while (used < 3 && *text >= '0' && *text <= '9')
                        digits[used++] = *text++;
                digits[used] = 0;
                if (!parse_number(digits, &value) || value > 255 || *text != (part < 3 ? '.' : 0))
                        return false;
                text++;
                *address = *address << 8 | value;
        }
        return true;
}

/* ---- ARP */

static struct peer *neighbour(u32 address)
{
        for (u32 i = 0; i < NEIGHBOURS; i++)
                if (neighbours[i].address == address)
                        return &neighbours[i];
        return NULL;
}

static void arp_send(u16 operation, const u8 *mac, u32 address)
{
        static const u8 broadcast[MAC_BYTES] = { 255, 255, 255, 255, 255, 255 };
        u8 *arp = net_frame();

        put32(arp, 0x00010800);                         /* Ethernet, IPv4 */
        put16(arp + 4, MAC_BYTES << 8 | 4);
        put16(arp + 6, operation);
        memcpy(arp + 8, net_mac, MAC_BYTES);
        put32(arp + 14, ip_address);
        memcpy(arp + 18, mac, MAC_BYTES);
        put32(arp + 24, address);
        net_send(operation == ARP_REQUEST ? broadcast : mac, ETHER_ARP, ARP_BYTES);
}

static void arp_receive(const u8 *arp, u32 bytes)
{
        if (bytes < ARP_BYTES || get32(arp) != 0x00010800)
                return;
        u32 from = get32(arp + 14);
        struct peer *known = neighbour(from);
        if (!known && get32(arp + 24) == ip_address)
                known = &neighbours[next_neighbour++ % NEIGHBOURS];
        if (known) {
                known->address = from;
                memcpy(known->mac, arp + 8, MAC_BYTES);
        }
        if (get16(arp + 6) == ARP_REQUEST && get32(arp + 24) == ip_address)
                arp_send(ARP_REPLY, arp + 8, from);
}

bool ip_find(u32 address, struct peer *peer)
{
        static const u8 unknown[MAC_BYTES];
        u32 hop = gateway && (address ^ ip_address) >> 8 ? gateway : address;

        for (u32 attempt = 0; attempt < 3 && !neighbour(hop); attempt++) {
                u32 enabled = irq_save();
                arp_send(ARP_REQUEST, unknown, hop);
                irq_restore(enabled);
                wait_for(neighbour(hop), 1000);
        }
        if (!neighbour(hop))
                return false;
        *peer = *neighbour(hop);
        peer->address = address;
        return true;
}

/* ---- IPv4 */

static u32 add_words(u32 sum, const u8 *at, u32 bytes)
{
        for (; bytes > 1; bytes -= 2, at += 2)
                sum += get16(at);
        return bytes ? sum + (at[0] << 8) : sum;
}

static u16 fold(u32 sum)
{
        while (sum >> 16)
                sum = (sum & 0xFFFF) + (sum >> 16);
        return ~sum;
}

/* Of a segment or datagram and what is said of it in front: 0 if the sum in it is right. */
u16 ip_checksum(u32 from, u32 to, u8 protocol, const u8 *payload, u32 bytes)
{
        u32 sum = (from >> 16) + (from & 0xFFFF) + (to >> 16) + (to & 0xFFFF) + protocol + bytes;

        return fold(add_words(sum, payload, bytes));
}

u8 *ip_payload(void)
{
        return net_frame() + IP_BYTES;
}

bool ip_send(const struct peer *to, u8 protocol, u32 bytes)
{
        u8 *ip = net_frame();

        put16(ip, 0x4500);
        put16(ip + 2, IP_BYTES + bytes);
        put16(ip + 4, ++packets);
        put16(ip + 6, 0x4000);                          /* don't fragment */
        put16(ip + 8, 64 << 8 | protocol);              /* time to live */
        put16(ip + 10, 0);
        put32(ip + 12, ip_address);
        put32(ip + 16, to->address);
        put16(ip + 10, fold(add_words(0, ip, IP_BYTES)));
        return net_send(to->mac, ETHER_IP, IP_BYTES + bytes);
}

/* ---- ICMP and UDP */

static void ping_send(const struct peer *to, u8 type, const u8 *rest, u32 bytes)
{
        u8 *icmp = ip_payload();

        put32(icmp, type << 24);
        memcpy(icmp + 4, rest, bytes);
        put16(icmp + 2, fold(add_words(0, icmp, 4 + bytes)));
        ip_send(to, IP_ICMP, 4 + bytes);
}

static void icmp_receive(const struct peer *from, const u8 *icmp, u32 bytes)
{
        if (bytes < ICMP_BYTES || fold(add_words(0, icmp, bytes)))
                return;
        if (icmp[0] == ECHO_REQUEST) {
                ping_send(from, ECHO_REPLY, icmp + 4, bytes - 4);
        } else if (icmp[0] == ECHO_REPLY) {
                answered_nsec = clock_nsec();
                pings_answered++;
                if (flood_left) {
                        flood_left--;
                        ping_send(from, ECHO_REQUEST, icmp + 4, bytes - 4);
                }
        }
}

static bool udp_send(const struct peer *to, u16 from_port, u16 to_port, const u8 *data, u32 bytes)
{
        u8 *udp = ip_payload();

        put16(udp, from_port);
        put16(udp + 2, to_port);
        put16(udp + 4, UDP_BYTES + bytes);
        put16(udp + 6, 0);
        memcpy(udp + UDP_BYTES, data, bytes);
        put16(udp + 6, ip_checksum(ip_address, to->address, IP_UDP, udp, UDP_BYTES + bytes) ?: 0xFFFF);
        return ip_send(to, IP_UDP, UDP_BYTES + bytes);
}

static void udp_receive(const struct peer *from, const u8 *udp, u32 bytes)
{
        if (bytes < UDP_BYTES || get16(udp + 4) < UDP_BYTES || get16(udp + 4) > bytes)
                return;
        bytes = get16(udp + 4);
        if (net_checksums && get16(udp + 6) && ip_checksum(from->address, ip_address, IP_UDP, udp, bytes))
                return;
        bytes -= UDP_BYTES;
        if (get16(udp + 2) == ECHO_PORT) {
                udp_send(from, ECHO_PORT, get16(udp), udp + UDP_BYTES, bytes);
        } else if (get16(udp + 2) == OUR_PORT && bytes < sizeof echoed) {
                memcpy(echoed, udp + UDP_BYTES, bytes);
                echoed[bytes] = 0;
                echo_arrived = true;
        }
}

/* What others send is as long as it says, or is dropped. */
void ip_receive(const u8 *frame, u32 bytes)
{
        const u8 *ip = frame + ETHERNET_BYTES;
        struct peer from;

        bytes -= ETHERNET_BYTES;
        if (get16(frame + 12) == ETHER_ARP)
                arp_receive(ip, bytes);
        if (get16(frame + 12) != ETHER_IP || bytes < IP_BYTES || ip[0] >> 4 != 4)
                return;
        u32 header = (ip[0] & 15) * 4, total = get16(ip + 2);
        if (header < IP_BYTES || total < header || total > bytes || fold(add_words(0, ip, header))
            || get32(ip + 16) != ip_address || (get16(ip + 6) & 0x3FFF))
                return;                                 /* not for us, or a fragment */
        from.address = get32(ip + 12);
        memcpy(from.mac, frame + MAC_BYTES, MAC_BYTES);
        switch (ip[9]) {
        case IP_ICMP: icmp_receive(&from, ip + header, total - header); break;
        case IP_UDP: udp_receive(&from, ip + header, total - header); break;
        case IP_TCP: tcp_receive(&from, ip + header, total - header); break;
        }
}

/* ---- at the prompt */

static void ping(u32 address)
{
        u8 rest[4 + 56] = { 0, 1 };                     /* identifier 1, a sequence number, 56 bytes */
        struct peer peer;
        u32 answers = 0;

        if (!ip_find(address, &peer)) {
                printk("ping: nobody has this address\n");
                return;
        }
        for (u16 sequence = 1; sequence <= 3 && !console_interrupted; sequence++) {
                u32 before = pings_answered;
                put16(rest + 2, sequence);
                u64 start = clock_nsec();
                u32 enabled = irq_save();
                ping_send(&peer, ECHO_REQUEST, rest, sizeof rest);
                irq_restore(enabled);
                if (!wait_for(pings_answered != before, 1000))
                        continue;
                answers++;
                ip_print(address);
                printk(": seq %u, ", sequence);
                print_nsec(answered_nsec - start);
                printk(" s\n");
        }
        printk("ping: %u of 3 answered\n", answers);
}

/* As many pings, so many under way at a time: the next one goes out as soon as an answer comes in. */
static void flood(u32 address, u32 pings, u32 at_once)
{
        u8 rest[4 + 56] = { 0, 1 };
        struct peer peer;

        if (!ip_find(address, &peer)) {
                printk("flood: nobody has this address\n");
                return;
        }
        u32 first = pings_answered;
        u64 start = clock_nsec();
        at_once = at_once < pings ? at_once : pings;
        u32 enabled = irq_save();
        flood_left = pings - at_once;
        while (at_once--)
                ping_send(&peer, ECHO_REQUEST, rest, sizeof rest);
        irq_restore(enabled);
        for (u32 before = ~pings_answered; before != pings_answered && pings_answered - first < pings;) {
                before = pings_answered;
                wait_for(pings_answered - first == pings, 1000);
        }
        flood_left = 0;
        printk("net flood: %u of %u answered, ", pings_answered - first, pings);
        print_nsec(answered_nsec - start);
        printk(" s\n");
}

static void udp_echo(u32 address, const char *text)
{
        struct peer peer;

        if (!ip_find(address, &peer)) {
                printk("udp: nobody has this address\n");
                return;
        }
        echo_arrived = false;
        u32 enabled = irq_save();
        udp_send(&peer, OUR_PORT, ECHO_PORT, (const u8 *)text, strlen(text));
        irq_restore(enabled);
        if (wait_for(echo_arrived, 1000))
                printk("udp: %s\n", echoed);
        else
                printk("udp: no answer\n");
}

static void start(u32 address, u32 via)
{
        ip_address = address;
        gateway = via;
        if (!net_up && !net_start()) {
                printk("net: there is no card\n");
                return;
        }
        printk("net: ");
        ip_print(address);
        printk(", MAC %02x:%02x:%02x:%02x:%02x:%02x\n", net_mac[0], net_mac[1], net_mac[2], net_mac[3], net_mac[4],
               net_mac[5]);
}

static const char usage[] =
        "usage: net up ADDRESS [GATEWAY]          net ping ADDRESS\n"
        "       net udp ADDRESS TEXT              net http ADDRESS [PATH]\n"
        "       net source ADDRESS PORT KIB       net sink ADDRESS PORT KIB\n"
        "       net flood ADDRESS PINGS AT-ONCE\n";

void do_net(u32 count, char **words)
{
        u32 address = 0, via = 0, first, second;
        bool numbers = count > 4 && parse_number(words[3], &first) && parse_number(words[4], &second);

        if (count < 3 || !parse_address(words[2], &address)) {
                printk("%s", usage);
        } else if (!strcmp(words[1], "up")) {
                if (count > 3 && !parse_address(words[3], &via))
                        printk("net: %s: not an address\n", words[3]);
                else
                        start(address, via);
        } else if (!net_up) {
                printk("net: it is not up\n");
        } else if (!strcmp(words[1], "ping")) {
                ping(address);
        } else if (!strcmp(words[1], "udp")) {
                udp_echo(address, count > 3 ? words[3] : "hello");
        } else if (!strcmp(words[1], "http")) {
                http_get(address, count > 3 ? words[3] : "/");
        } else if (!strcmp(words[1], "source") && numbers) {
                stream_source(address, first, second);
        } else if (!strcmp(words[1], "sink") && numbers) {
                stream_sink(address, first, second);
        } else if (!strcmp(words[1], "flood") && numbers) {
                flood(address, first, second);
        } else {
                printk("%s", usage);
        }
        console_interrupted = false;
}
