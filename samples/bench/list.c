/* Loads that depend on loads: a linked list in random order, and a CRC of what is in it. */
#include "bench.h"

#define NODES 16384

struct node {
        struct node *next;
        u32 value;
        u8 padding[24];
};

static struct node nodes[NODES];
static u16 order[NODES];

static struct node *build(void)
{
        u32 random = 88172645;
        for (u32 i = 0; i < NODES; i++)
                order[i] = (u16) i;
        for (u32 i = NODES - 1; i > 0; i--) {
                u32 other = next_random(&random) % (i + 1);
                u16 swap = order[i];
                order[i] = order[other];
                order[other] = swap;
        }
        for (u32 i = 0; i < NODES; i++) {
                nodes[order[i]].next = i + 1 < NODES ? &nodes[order[i + 1]] : NULL;
                nodes[order[i]].value = next_random(&random);
        }
        return &nodes[order[0]];
}

u32 list(void)
{
        struct node *head = build(), *reversed = NULL;
        u32 sum = 0;
        u16 crc = 0xFFFF;
        for (int round = 0; round < 20; round++)
                for (struct node *at = head; at; at = at->next)
                        sum += at->value ^ (u32) round;
        for (struct node *at = head; at; at = at->next)
                crc = crc16(crc, (u8) (at->value >> 8));
        while (head) {
                struct node *next = head->next;
                head->next = reversed;
                reversed = head;
                head = next;
        }
        for (struct node *at = reversed; at; at = at->next)
                sum = sum * 3 + at->value;
        return sum ^ crc;
}
