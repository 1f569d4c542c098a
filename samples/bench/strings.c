/* The string instructions with REP: fill, copy, compare and search 64 KiB. */
#include "bench.h"

#define BYTES 65536

static u8 from[BYTES + 64], to[BYTES + 64];

static void fill(void *at, u32 value, u32 words)
{
        __asm__ volatile("rep stosl" : "+D"(at), "+c"(words) : "a"(value) : "memory");
}

static void copy_words(void *at, const void *source, u32 words)
{
        __asm__ volatile("rep movsl" : "+D"(at), "+S"(source), "+c"(words) : : "memory");
}

static void copy_bytes(void *at, const void *source, u32 bytes)
{
        __asm__ volatile("rep movsb" : "+D"(at), "+S"(source), "+c"(bytes) : : "memory");
}

/* Bytes that were not looked at, once two differ; 0 if none do. */
static u32 compare(const void *a, const void *b, u32 bytes)
{
        __asm__ volatile("repe cmpsb" : "+S"(a), "+D"(b), "+c"(bytes) : : "memory", "cc");
        return bytes;
}

/* Bytes that were not looked at, once VALUE is found. */
static u32 search(const void *at, u8 value, u32 bytes)
{
        __asm__ volatile("repne scasb" : "+D"(at), "+c"(bytes) : "a"(value) : "memory", "cc");
        return bytes;
}

u32 strings(void)
{
        u32 sum = 0;
        for (u32 round = 1; round <= 8; round++) {
                fill(from, 0x01010101 * round, BYTES / 4);
                from[BYTES - round * 5] = 0xEE;
                copy_words(to, from, BYTES / 4);
                sum = sum * 31 + compare(from, to, BYTES - 1);
                copy_bytes(to + 3, from, BYTES);
                sum = sum * 31 + compare(from, to, BYTES);
                sum = sum * 31 + search(to, 0xEE, BYTES);
                sum = sum * 31 + to[round * 1000];
        }
        return sum;
}
