/* The network, layer by layer.  Numbers in packets have their high byte first: get and put them with these. */
#ifndef PUPPY_NET_H
#define PUPPY_NET_H

#include "puppy.h"

static inline u16 get16(const u8 *at) { return at[0] << 8 | at[1]; }
static inline u32 get32(const u8 *at) { return (u32)get16(at) << 16 | get16(at + 2); }
static inline void put16(u8 *at, u16 value) { at[0] = value >> 8, at[1] = value; }
static inline void put32(u8 *at, u32 value) { put16(at, value >> 16), put16(at + 2, value); }

#define MAC_BYTES     6
#define FRAME_BYTES   1514
#define ETHERNET_BYTES 14
#define IP_BYTES      20                /* we send no options, and skip those of others */
enum ether_type { ETHER_IP = 0x0800, ETHER_ARP = 0x0806 };
enum ip_protocol { IP_ICMP = 1, IP_TCP = 6, IP_UDP = 17 };

/* net.c: the card. */
extern u8 net_mac[MAC_BYTES];
extern bool net_up, net_checksums;      /* false: nobody on this wire checks sums */
bool net_start(void);                   /* false: there is no card */
u8 *net_frame(void);                    /* to be filled and sent with interrupts off */
bool net_send(const u8 *to, u16 type, u32 bytes);       /* the frame's payload; false: nobody took it */

/* ip.c: ARP, IPv4, ICMP and UDP. */
struct peer { u32 address; u8 mac[MAC_BYTES]; };
extern u32 ip_address;
void ip_receive(const u8 *frame, u32 bytes);
bool ip_find(u32 address, struct peer *peer);           /* asks and waits; false: no answer */
u8 *ip_payload(void);                                   /* where the next packet's goes */
bool ip_send(const struct peer *to, u8 protocol, u32 bytes);
u16 ip_checksum(u32 from, u32 to, u8 protocol, const u8 *payload, u32 bytes);
void ip_print(u32 address);

/* tcp.c, http.c, stream.c */
void tcp_receive(const struct peer *from, const u8 *segment, u32 bytes);
void http_get(u32 address, const char *path);
void stream_source(u32 address, u16 port, u32 kib);
void stream_sink(u32 address, u16 port, u32 kib);

/* Lets time pass until a condition is true, for so many milliseconds at most, or until ^C. */
#define wait_for(condition, msec)                                                       \
        ({                                                                              \
                u64 until_ = clock_nsec() + (u64)(msec) * NSEC_PER_MSEC;                \
                while (!(condition) && !console_interrupted && clock_nsec() < until_)   \
                        process_sleep(NSEC_PER_MSEC);                                   \
                (condition);                                                            \
        })

#endif
