/* What the benchmark's parts share.  The same workloads run on a bare processor (kernel.c) and as a Linux program (native.c). */
#ifndef BENCH_H
#define BENCH_H

#include "types.h"

/* One repetition of a workload, always the same.  Gives a sum of what it computed. */
struct workload {
        const char *name;
        u32 (*run)(void);
};

/* Those that compute, the same everywhere.  A table ends with NULL. */
extern const struct workload computing[];

/* Runs what WORDS ends with: the name of a workload, of one of two tables, and how often.  Prints "[", after the first repetition
   its sum, after each a ".", at last "]" and a newline.  Nonzero: something is wrong. */
int run(const char *words, const struct workload *table, const struct workload *other);

/* Prints at once. */
void put(char c);

/* Numbers that look random: xorshift32, never 0. */
static inline u32 next_random(u32 *state)
{
        u32 x = *state;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        return *state = x;
}

static inline u16 crc16(u16 crc, u8 byte)
{
        crc ^= byte;
        for (int bit = 0; bit < 8; bit++)
                crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
        return crc;
}

#endif
