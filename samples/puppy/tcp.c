/*
 * TCP (RFC 9293) as small as it goes: one segment under way at a time, sent again when the other side
 * shows that it has missed it, or when our client grows impatient.  Streams have as many as fit into the window.
 */
#include "tcp.h"

#define CONNECTIONS 16
enum { TCP_BYTES = 20, OPTION_BYTES = 4, STREAM_WINDOW = 16 * 1024 };

static struct connection connections[CONNECTIONS];
static u32 last_port = 1024;

static bool transmit(const struct peer *to, u16 from_port, u16 to_port, u32 sequence, u32 acknowledge, u8 flags,
                     u32 window, const void *data, u32 bytes)
{
        u8 *tcp = ip_payload();
        u32 header = flags & SYN ? TCP_BYTES + OPTION_BYTES : TCP_BYTES;

        put16(tcp, from_port);
        put16(tcp + 2, to_port);
        put32(tcp + 4, sequence);
        put32(tcp + 8, acknowledge);
        put16(tcp + 12, header / 4 << 12 | flags);
        put16(tcp + 14, window);
        put32(tcp + 16, 0);                             /* checksum, urgent pointer */
        if (flags & SYN)
                put32(tcp + TCP_BYTES, 0x020405B4);     /* we take segments of 1460 bytes */
        memcpy(tcp + header, data, bytes);
        put16(tcp + 16, ip_checksum(ip_address, to->address, IP_TCP, tcp, header + bytes));
        return ip_send(to, IP_TCP, header + bytes);
}

static u32 window(const struct connection *c)
{
        return c->streams ? STREAM_WINDOW : RECEIVED_BYTES - c->received_bytes;
}

bool tcp_transmit(const struct connection *c, u32 sequence, u8 flags, const void *data, u32 bytes)
{
        return transmit(&c->peer, c->port, c->peer_port, sequence, c->expected, flags, window(c), data, bytes);
}

void tcp_acknowledge(const struct connection *c)
{
        tcp_transmit(c, c->next, ACK, NULL, 0);
}

/* What is under way, once more. */
static void send_again(const struct connection *c)
{
        tcp_transmit(c, c->unacknowledged, c->flags, c->sent, c->sent_bytes);
}

void tcp_send(struct connection *c, u8 flags, u32 bytes)
{
        c->flags = flags;
        c->sent_bytes = bytes;
        c->next = c->unacknowledged + bytes + !!(flags & (SYN | FIN));
        send_again(c);
}

static struct connection *find(u32 address, u16 port, u16 peer_port)
{
        for (struct connection *c = connections; c < connections + CONNECTIONS; c++)
                if (c->state != TCP_FREE && c->peer.address == address && c->port == port && c->peer_port == peer_port)
                        return c;
        return NULL;
}

/* A free one; or a server's that has said all it has to say, whose other side has forgotten to close. */
static struct connection *find_free(void)
{
        for (struct connection *c = connections; c < connections + CONNECTIONS; c++)
                if (c->state == TCP_FREE)
                        return c;
        for (struct connection *c = connections; c < connections + CONNECTIONS; c++)
                if (c->server && (c->flags & FIN))
                        return c;
        return NULL;
}

static struct connection *open(const struct peer *peer, u16 port, u16 peer_port, bool server, bool streams)
{
        struct connection *c = find_free();

        if (!c)
                return NULL;
        memset(c, 0, sizeof *c);
        c->peer = *peer;
        c->port = port;
        c->peer_port = peer_port;
        c->unacknowledged = (u32)clock_nsec();
        c->server = server;
        c->streams = streams;
        c->moved_nsec = clock_nsec();
        c->state = server ? TCP_SYN_RECEIVED : TCP_SYN_SENT;
        return c;
}

/* ---- what arrives */

static void refuse(const struct peer *from, const u8 *tcp, u32 sequence, u32 length, u8 flags)
{
        if (!(flags & RST))
                transmit(from, get16(tcp + 2), get16(tcp), flags & ACK ? get32(tcp + 8) : 0,
                         sequence + length, RST | ACK, 0, NULL, 0);
}

static void data_arrived(struct connection *c, u32 sequence, const u8 *data, u32 bytes, u8 flags)
{
        bool fin = flags & FIN;

        if (!bytes && !fin)
                return;
        if (sequence != c->expected || c->their_fin || bytes > window(c)) {
                if (!c->streams && c->next != c->unacknowledged)
                        send_again(c);          /* they have missed what we said */
                else
                        tcp_acknowledge(c);
                return;
        }
        c->expected += bytes + fin;
        c->their_fin = fin;
        if (c->streams) {
                stream_heard(c, data, bytes, flags);
                return;
        }
        memcpy(c->received + c->received_bytes, data, bytes);
        c->received_bytes += bytes;
        if (c->server && !(c->flags & FIN) && http_request_complete(c))
                tcp_send(c, PSH | ACK | FIN, http_respond(c));
        else
                tcp_acknowledge(c);
}

/* What they say they have heard. */
static void acknowledged(struct connection *c, const u8 *tcp, bool silent)
{
        u32 to = get32(tcp + 8), bytes = to - c->unacknowledged, peer_window = get16(tcp + 14);
        bool repeated = silent && !bytes && peer_window == c->peer_window;

        c->peer_window = peer_window;
        if (c->state == TCP_SYN_RECEIVED && to == c->next) {
                c->state = TCP_OPEN;
                c->unacknowledged = to;
                if (c->streams)
                        stream_opened(c);
        } else if (c->streams && c->state == TCP_OPEN && !(c->flags & FIN)) {
                if (bytes > 0xFFFF)
                        return;                 /* an old one: no window is larger */
                c->unacknowledged = to;
                if (bytes > c->next - (to - bytes))
                        c->next = to;           /* we are saying again what they have kept */
                stream_acknowledged(c, bytes, repeated);
        } else if (to == c->next) {
                c->unacknowledged = to;
                c->sent_bytes = 0;
        }
}

static bool served(u16 port)
{
        return port == HTTP_PORT || port == DISCARD_PORT || port == SOURCE_PORT;
}

void tcp_receive(const struct peer *from, const u8 *tcp, u32 bytes)
{
        if (bytes < TCP_BYTES || (tcp[12] >> 4) * 4 < TCP_BYTES || (tcp[12] >> 4) * 4u > bytes)
                return;
        if (net_checksums && ip_checksum(from->address, ip_address, IP_TCP, tcp, bytes))
                return;
        u32 header = (tcp[12] >> 4) * 4, sequence = get32(tcp + 4), flags = tcp[13], length = bytes - header;
        u16 port = get16(tcp + 2);
        struct connection *c = find(from->address, port, get16(tcp));

        if (!c && (flags & (SYN | ACK | RST)) == SYN && served(port))
                c = open(from, port, get16(tcp), true, port != HTTP_PORT);
        if (!c) {
                refuse(from, tcp, sequence, length + !!(flags & (SYN | FIN)), flags);
                return;
        }
        if (flags & RST) {
                c->state = TCP_FREE;
                return;
        }
        if (flags & SYN) {
                if (c->state == TCP_SYN_RECEIVED) {
                        c->expected = sequence + 1;
                        tcp_send(c, SYN | ACK, 0);
                } else if (c->state == TCP_SYN_SENT && (flags & ACK) && get32(tcp + 8) == c->next) {
                        c->expected = sequence + 1;
                        c->unacknowledged = c->next;
                        c->peer_window = get16(tcp + 14);
                        c->state = TCP_OPEN;
                        tcp_acknowledge(c);
                } else {
                        tcp_acknowledge(c);
                }
                return;
        }
        if (c->state == TCP_SYN_SENT || !(flags & ACK))
                return;
        acknowledged(c, tcp, !length && !(flags & FIN));
        data_arrived(c, sequence, tcp + header, length, flags);
        if (c->streams && c->server && c->their_fin && !(c->flags & FIN)) {
                c->next = c->unacknowledged;
                tcp_send(c, FIN | ACK, 0);
        }
        if (c->their_fin && (c->flags & FIN) && c->unacknowledged == c->next)
                c->state = TCP_FREE;
}

/* ---- the client */

/* Sends what is in c->sent and repeats it until it is acknowledged. */
bool tcp_deliver(struct connection *c, u8 flags, u32 bytes)
{
        for (u32 attempt = 0; attempt < 5 && c->state != TCP_FREE; attempt++) {
                u32 enabled = irq_save();
                if (!attempt)
                        tcp_send(c, flags, bytes);
                else if (c->unacknowledged != c->next)
                        send_again(c);
                irq_restore(enabled);
                if (wait_for(*(volatile u32 *)&c->unacknowledged == c->next, 1000))
                        return true;
        }
        return c->state == TCP_FREE;
}

struct connection *tcp_connect(u32 address, u16 port, bool streams)
{
        struct peer peer;

        if (!ip_find(address, &peer)) {
                printk("tcp: nobody has this address\n");
                return NULL;
        }
        u32 enabled = irq_save();
        struct connection *c = open(&peer, ++last_port, port, false, streams);
        irq_restore(enabled);
        if (!c) {
                printk("tcp: too many connections\n");
                return NULL;
        }
        if (!tcp_deliver(c, SYN, 0) || c->state != TCP_OPEN) {
                printk("tcp: no connection\n");
                c->state = TCP_FREE;
                return NULL;
        }
        return c;
}

/* Politely, unless they go on talking. */
void tcp_close(struct connection *c)
{
        if (c->state == TCP_OPEN && c->streams && !c->their_fin && c->heard)
                tcp_transmit(c, c->next, RST | ACK, NULL, 0);
        else if (c->state != TCP_FREE)
                tcp_deliver(c, FIN | ACK, 0);
        c->state = TCP_FREE;
}
