/*
 * Streams of bytes that nobody keeps, to see how fast a wire is.  A byte follows from its position, so what is lost is made again and
 * what arrives is checked.  Port 9 listens (RFC 863), port 19 talks until it is left alone (RFC 864).
 */
#include "tcp.h"

enum { LONGEST = 1460, PATIENCE_MSEC = 200 };

/* The bytes repeat after a prime number of them: what is missing, or comes twice, shows. */
enum { PERIOD = 4093 };
static u8 pattern[PERIOD + LONGEST];

static const u8 *bytes_at(u32 position)
{
        if (!pattern[1])
                for (u32 i = 0; i < sizeof pattern; i++)
                        pattern[i] = i % PERIOD * 0x9E3779B1u >> 24;
        return pattern + position % PERIOD;
}

/* As much as they have room for.  What no buffer takes is said again later. */
static void say(struct connection *c)
{
        while (c->state == TCP_OPEN) {
                u32 under_way = c->next - c->unacknowledged, left = c->to_say - c->said - under_way;
                u32 room = c->peer_window > under_way ? c->peer_window - under_way : 0;
                u32 bytes = left < LONGEST ? left : LONGEST;

                if (!bytes || (bytes > room && under_way))
                        return;
                bytes = bytes < room ? bytes : room;
                if (!bytes || !tcp_transmit(c, c->next, bytes == left ? PSH | ACK : ACK, bytes_at(c->said + under_way), bytes))
                        return;
                c->next += bytes;
        }
}

static void say_again(struct connection *c)
{
        c->next = c->unacknowledged;
        c->moved_nsec = clock_nsec();
        say(c);
}

void stream_opened(struct connection *c)
{
        if (c->port == SOURCE_PORT)
                c->to_say = ~0u;
        say(c);
}

/* They have heard so many more bytes; if none, and they said nothing else, they may have missed one. */
void stream_acknowledged(struct connection *c, u32 bytes, bool repeated)
{
        bool impatient = clock_nsec() - c->moved_nsec > PATIENCE_MSEC * (u64)NSEC_PER_MSEC;

        c->said += bytes;
        if (bytes) {
                c->repeated = 0;
                c->moved_nsec = clock_nsec();
        } else if (repeated && c->next != c->unacknowledged && (++c->repeated == 3 || impatient)) {
                c->next = c->unacknowledged;
                c->moved_nsec = clock_nsec();
        }
        say(c);
}

/* Every other segment is acknowledged, and the last one. */
void stream_heard(struct connection *c, const u8 *data, u32 bytes, u8 flags)
{
        c->wrong += memcmp(data, bytes_at(c->heard), bytes) != 0;
        c->heard += bytes;
        if (++c->owed >= 2 || (flags & (PSH | FIN))) {
                c->owed = 0;
                tcp_acknowledge(c);
        }
}

/* ---- at the prompt */

static void report(const char *what, u32 bytes, const struct connection *c, u64 start)
{
        printk("net %s: %u bytes, %u segments wrong, ", what, bytes, c->wrong);
        print_nsec(c->moved_nsec - start);
        printk(" s\n");
}

/* Says so many KiB to whoever listens at a port. */
void stream_source(u32 address, u16 port, u32 kib)
{
        struct connection *c = tcp_connect(address, port, true);
        u64 start = clock_nsec();

        if (!c)
                return;
        u32 enabled = irq_save();
        c->to_say = kib * 1024;
        say(c);
        irq_restore(enabled);
        while (c->state == TCP_OPEN && *(volatile u32 *)&c->said < c->to_say && !console_interrupted) {
                u32 before = c->said;
                if (!wait_for(*(volatile u32 *)&c->said != before || c->state != TCP_OPEN, PATIENCE_MSEC)) {
                        enabled = irq_save();
                        say_again(c);
                        irq_restore(enabled);
                }
        }
        report("source", c->said, c, start);
        tcp_close(c);
}

/* Hears so many KiB, or what there is, from whoever talks at a port. */
void stream_sink(u32 address, u16 port, u32 kib)
{
        struct connection *c = tcp_connect(address, port, true);
        u64 start = clock_nsec();

        if (!c)
                return;
        while (c->state == TCP_OPEN && !c->their_fin && *(volatile u32 *)&c->heard < kib * 1024 && !console_interrupted) {
                u32 before = c->heard;
                if (!wait_for(*(volatile u32 *)&c->heard != before || c->their_fin || c->state != TCP_OPEN, PATIENCE_MSEC)) {
                        u32 enabled = irq_save();
                        tcp_acknowledge(c);
                        irq_restore(enabled);
                }
        }
        c->moved_nsec = clock_nsec();
        report("sink", c->heard, c, start);
        tcp_close(c);
}
