/* Connections, for those who talk through them: http.c a few words, stream.c as many bytes as there are. */
#ifndef PUPPY_TCP_H
#define PUPPY_TCP_H

#include "net.h"

enum { HTTP_PORT = 80, DISCARD_PORT = 9, SOURCE_PORT = 19, SEGMENT_BYTES = 1400, RECEIVED_BYTES = PAGE_BYTES };
enum flag { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
enum tcp_state { TCP_FREE, TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_OPEN };

struct connection {
        enum tcp_state state;
        struct peer peer;
        u16 port, peer_port;
        u32 unacknowledged, next;       /* what we sent: from, up to */
        u32 expected;                   /* what they send next */
        u32 peer_window;
        bool server, their_fin;
        u8 flags;                       /* of the segment under way */
        u32 sent_bytes;
        char sent[SEGMENT_BYTES];
        volatile u32 received_bytes;
        char received[RECEIVED_BYTES];

        bool streams;                   /* stream.c looks after what goes through it; the rest is its own */
        u32 to_say, said, heard;        /* bytes of the streams: all of ours, acknowledged, theirs */
        u32 wrong, owed, repeated;      /* bytes not as they should be, segments to acknowledge, acknowledgments that say nothing new */
        u64 moved_nsec;                 /* when anything last got on */
};

/* tcp.c */
struct connection *tcp_connect(u32 address, u16 port, bool streams);   /* says why, if NULL */
void tcp_close(struct connection *c);
bool tcp_deliver(struct connection *c, u8 flags, u32 bytes);    /* what is in c->sent; false: they do not answer */
void tcp_send(struct connection *c, u8 flags, u32 bytes);       /* the same, and does not wait */
void tcp_acknowledge(const struct connection *c);
bool tcp_transmit(const struct connection *c, u32 sequence, u8 flags, const void *data, u32 bytes);

/* http.c */
bool http_request_complete(const struct connection *c);
u32 http_respond(struct connection *c);         /* its answer is in c->sent */

/* stream.c */
void stream_opened(struct connection *c);
void stream_acknowledged(struct connection *c, u32 bytes, bool pure);
void stream_heard(struct connection *c, const u8 *data, u32 bytes, u8 flags);

#endif
