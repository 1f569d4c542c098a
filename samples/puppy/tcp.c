/*
 * TCP (RFC 9293) as small as it goes: one segment under way at a time, sent again when the other side
 * shows that it has missed it, or when our client grows impatient.  On it, HTTP 1.0 both ways.
 */
#include "net.h"

#define CONNECTIONS 16
enum { TCP_BYTES = 20, HTTP_PORT = 80, SEGMENT_BYTES = 1400, RECEIVED_BYTES = PAGE_BYTES };
enum flag { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
enum tcp_state { TCP_FREE, TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_OPEN };

struct connection {
        enum tcp_state state;
        struct peer peer;
        u16 port, peer_port;
        u32 unacknowledged, next;       /* what we sent: from, up to */
        u32 expected;                   /* what they send next */
        bool server, their_fin;
        u8 flags;                       /* of the segment under way */
        u32 sent_bytes;
        char sent[SEGMENT_BYTES];
        volatile u32 received_bytes;
        char received[RECEIVED_BYTES];
};

static struct connection connections[CONNECTIONS];
static u32 requests, last_port = 1024;

static void transmit(const struct peer *to, u16 from_port, u16 to_port, u32 sequence, u32 acknowledge, u8 flags,
                     u32 window, const char *data, u32 bytes)
{
        u8 *tcp = ip_payload();

        put16(tcp, from_port);
        put16(tcp + 2, to_port);
        put32(tcp + 4, sequence);
        put32(tcp + 8, acknowledge);
        put16(tcp + 12, TCP_BYTES / 4 << 12 | flags);
        put16(tcp + 14, window);
        put32(tcp + 16, 0);                             /* checksum, urgent pointer */
        memcpy(tcp + TCP_BYTES, data, bytes);
        put16(tcp + 16, ip_checksum(ip_address, to->address, IP_TCP, tcp, TCP_BYTES + bytes));
        ip_send(to, IP_TCP, TCP_BYTES + bytes);
}

static u32 window(const struct connection *c)
{
        return RECEIVED_BYTES - c->received_bytes;
}

static void acknowledge(const struct connection *c)
{
        transmit(&c->peer, c->port, c->peer_port, c->next, c->expected, ACK, window(c), NULL, 0);
}

/* What is under way, once more. */
static void send_again(const struct connection *c)
{
        transmit(&c->peer, c->port, c->peer_port, c->unacknowledged, c->expected, c->flags, window(c), c->sent,
                 c->sent_bytes);
}

static void send(struct connection *c, u8 flags, u32 bytes)
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

static struct connection *open(const struct peer *peer, u16 port, u16 peer_port, bool server)
{
        struct connection *c = find_free();

        if (!c)
                return NULL;
        c->peer = *peer;
        c->port = port;
        c->peer_port = peer_port;
        c->unacknowledged = (u32)clock_nsec();
        c->expected = 0;
        c->server = server;
        c->their_fin = false;
        c->received_bytes = 0;
        c->state = server ? TCP_SYN_RECEIVED : TCP_SYN_SENT;
        return c;
}

/* ---- HTTP */

static char *append(char *to, const char *text)
{
        u32 bytes = strlen(text);

        memcpy(to, text, bytes);
        return to + bytes;
}

static char *append_number(char *to, u32 number)
{
        char digits[10];
        u32 used = 0;

        do
                digits[used++] = '0' + number % 10;
        while (number /= 10);
        while (used)
                *to++ = digits[--used];
        return to;
}

/* The answer to any request: that we are here, what was asked for, and how often anybody asked. */
static u32 respond(struct connection *c)
{
        char *at = append(c->sent, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
        char *path = c->received;

        while (*path != ' ')
                path++;
        at = append(append_number(append(at, "puppy, guest "), lguest_data.guestid), ", request ");
        at = append(append_number(at, ++requests), ": ");
        for (u32 i = 1; i < 200 && path[i] > ' '; i++)
                *at++ = path[i];
        *at++ = '\n';
        return at - c->sent;
}

static bool request_complete(const struct connection *c)
{
        for (u32 i = 0; i + 4 <= c->received_bytes; i++)
                if (!memcmp(c->received + i, "\r\n\r\n", 4))
                        return !memcmp(c->received, "GET /", 5);
        return false;
}

/* ---- what arrives */

static void refuse(const struct peer *from, const u8 *tcp, u32 sequence, u32 length, u8 flags)
{
        if (!(flags & RST))
                transmit(from, get16(tcp + 2), get16(tcp), flags & ACK ? get32(tcp + 8) : 0,
                         sequence + length, RST | ACK, 0, NULL, 0);
}

static void data_arrived(struct connection *c, u32 sequence, const u8 *data, u32 bytes, bool fin)
{
        if (!bytes && !fin)
                return;
        if (sequence != c->expected || c->their_fin || bytes > window(c)) {
                if (c->next != c->unacknowledged)
                        send_again(c);          /* they have missed what we said */
                else
                        acknowledge(c);
                return;
        }
        memcpy(c->received + c->received_bytes, data, bytes);
        c->received_bytes += bytes;
        c->expected += bytes + fin;
        c->their_fin = fin;
        if (c->server && !(c->flags & FIN) && request_complete(c))
                send(c, PSH | ACK | FIN, respond(c));
        else
                acknowledge(c);
}

void tcp_receive(const struct peer *from, const u8 *tcp, u32 bytes)
{
        if (bytes < TCP_BYTES || (tcp[12] >> 4) * 4 < TCP_BYTES || (tcp[12] >> 4) * 4u > bytes)
                return;
        if (net_checksums && ip_checksum(from->address, ip_address, IP_TCP, tcp, bytes))
                return;
        u32 header = (tcp[12] >> 4) * 4, sequence = get32(tcp + 4), flags = tcp[13], length = bytes - header;
        struct connection *c = find(from->address, get16(tcp + 2), get16(tcp));

        if (!c && (flags & (SYN | ACK | RST)) == SYN && get16(tcp + 2) == HTTP_PORT)
                c = open(from, HTTP_PORT, get16(tcp), true);
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
                        send(c, SYN | ACK, 0);
                } else if (c->state == TCP_SYN_SENT && (flags & ACK) && get32(tcp + 8) == c->next) {
                        c->expected = sequence + 1;
                        c->unacknowledged = c->next;
                        c->state = TCP_OPEN;
                        acknowledge(c);
                } else {
                        acknowledge(c);
                }
                return;
        }
        if (c->state == TCP_SYN_SENT || !(flags & ACK))
                return;
        if (get32(tcp + 8) == c->next) {
                c->unacknowledged = c->next;
                c->sent_bytes = 0;
                c->state = TCP_OPEN;
        }
        data_arrived(c, sequence, tcp + header, length, flags & FIN);
        if (c->their_fin && (c->flags & FIN) && c->unacknowledged == c->next)
                c->state = TCP_FREE;
}

/* ---- the client */

/* Sends what is in c->sent and repeats it until it is acknowledged. */
static bool deliver(struct connection *c, u8 flags, u32 bytes)
{
        for (u32 attempt = 0; attempt < 5 && c->state != TCP_FREE; attempt++) {
                u32 enabled = irq_save();
                if (!attempt)
                        send(c, flags, bytes);
                else if (c->unacknowledged != c->next)
                        send_again(c);
                irq_restore(enabled);
                if (wait_for(*(volatile u32 *)&c->unacknowledged == c->next, 1000))
                        return true;
        }
        return c->state == TCP_FREE;
}

/* Prints what has arrived, makes room for more and says so. */
static void print_received(struct connection *c)
{
        u32 enabled = irq_save();

        for (u32 i = 0; i < c->received_bytes; i++)
                if (c->received[i] != '\r')
                        printk("%c", c->received[i]);
        if (c->received_bytes) {
                c->received_bytes = 0;
                acknowledge(c);
        }
        irq_restore(enabled);
}

void http_get(u32 address, const char *path)
{
        struct peer peer;
        u32 enabled;

        if (!ip_find(address, &peer)) {
                printk("http: nobody has this address\n");
                return;
        }
        enabled = irq_save();
        struct connection *c = open(&peer, ++last_port, HTTP_PORT, false);
        irq_restore(enabled);
        if (!c) {
                printk("http: too many connections\n");
                return;
        }
        if (!deliver(c, SYN, 0) || c->state != TCP_OPEN) {
                printk("http: no connection\n");
                c->state = TCP_FREE;
                return;
        }
        char *end = append(append(append(c->sent, "GET "), path), " HTTP/1.0\r\n\r\n");
        if (deliver(c, PSH | ACK, end - c->sent)) {
                while (wait_for(c->received_bytes || c->their_fin, 5000)) {
                        bool last = c->their_fin;
                        print_received(c);
                        if (last)
                                break;
                }
        }
        if (c->state != TCP_FREE)
                deliver(c, FIN | ACK, 0);
        c->state = TCP_FREE;
}
