/*
 * What a small embedded program does, in the manner of CoreMark: a list that is searched, reversed and sorted, matrices of 16-bit
 * numbers, a state machine that reads numbers from text, and a CRC over all results.
 */
#include "bench.h"

#define ITEMS 200
#define SIDE 20
#define ROUNDS 12

struct item {
        struct item *next;
        short key, data;
};

static struct item items[ITEMS];
static short left[SIDE][SIDE], right[SIDE][SIDE];
static int product[SIDE][SIDE];

static u16 crc_word(u16 crc, u32 word)
{
        crc = crc16(crc, (u8) word);
        crc = crc16(crc, (u8) (word >> 8));
        return crc;
}

static struct item *find(struct item *at, short key)
{
        while (at && at->key != key)
                at = at->next;
        return at;
}

static struct item *reverse(struct item *at)
{
        struct item *before = NULL;
        while (at) {
                struct item *next = at->next;
                at->next = before;
                before = at;
                at = next;
        }
        return before;
}

static int by_key(const struct item *a, const struct item *b) { return a->key - b->key; }
static int by_data(const struct item *a, const struct item *b) { return a->data - b->data; }

/* Merge sort from below: runs of 1, 2, 4... */
static struct item *merge_sort(struct item *head, int (*order)(const struct item *, const struct item *))
{
        for (int length = 1;; length *= 2) {
                struct item *rest = head, *sorted = NULL, **end = &sorted;
                int merges = 0;
                while (rest) {
                        struct item *a = rest, *b = a;
                        int in_a = 0, in_b = length;
                        merges++;
                        while (in_a < length && b) {
                                in_a++;
                                b = b->next;
                        }
                        while (in_a > 0 || (in_b > 0 && b)) {
                                int from_a = in_b == 0 || !b || (in_a > 0 && order(a, b) <= 0);
                                struct item *taken = from_a ? a : b;
                                if (from_a) {
                                        a = a->next;
                                        in_a--;
                                } else {
                                        b = b->next;
                                        in_b--;
                                }
                                *end = taken;
                                end = &taken->next;
                        }
                        rest = b;
                }
                *end = NULL;
                head = sorted;
                if (merges <= 1)
                        return head;
        }
}

static u16 lists(u16 crc, u32 seed)
{
        for (int i = 0; i < ITEMS; i++) {
                u32 random = next_random(&seed);
                items[i].key = (short) (i * 37 % ITEMS);
                items[i].data = (short) (random & 0x7FF);
                items[i].next = i + 1 < ITEMS ? &items[i + 1] : NULL;
        }
        struct item *head = items;
        for (short key = 0; key < 40; key++) {
                struct item *found = find(head, key);
                head = reverse(head);
                crc = crc_word(crc, found ? (u32) found->data : 0xFFFF);
        }
        head = merge_sort(head, by_data);
        for (struct item *at = head; at; at = at->next)
                crc = crc_word(crc, (u32) at->data);
        head = merge_sort(head, by_key);
        return crc_word(crc, (u32) head->data);
}

static u16 matrices(u16 crc, short seed)
{
        for (int i = 0; i < SIDE; i++)
                for (int j = 0; j < SIDE; j++) {
                        left[i][j] = (short) (seed + i * j);
                        right[i][j] = (short) (seed * (i + 1) ^ j);
                }
        u32 sum = 0;
        for (int i = 0; i < SIDE; i++)
                for (int j = 0; j < SIDE; j++) {
                        int dot = 0;
                        for (int k = 0; k < SIDE; k++)
                                dot += left[i][k] * right[k][j];
                        product[i][j] = dot;
                        sum += (u32) (dot >> 2 & 15) * (u32) (dot >> 5 & 127);
                        if ((int) sum > 1 << 20)
                                sum -= (u32) product[j][i];
                }
        return crc_word(crc, sum ^ sum >> 16);
}

enum state { START, SIGN, WHOLE, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS, INVALID, STATES };

static int digit(char c) { return c >= '0' && c <= '9'; }

static enum state step(enum state state, char c)
{
        switch (state) {
        case START:
                return digit(c) ? WHOLE : c == '+' || c == '-' ? SIGN : c == '.' ? FRACTION : INVALID;
        case SIGN:
                return digit(c) ? WHOLE : c == '.' ? FRACTION : INVALID;
        case WHOLE:
                return digit(c) ? WHOLE : c == '.' ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID;
        case FRACTION:
                return digit(c) ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID;
        case EXPONENT:
                return digit(c) ? EXPONENT_DIGITS : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
        case EXPONENT_SIGN:
        case EXPONENT_DIGITS:
                return digit(c) ? EXPONENT_DIGITS : INVALID;
        default:
                return INVALID;
        }
}

static u16 states(u16 crc, u32 seed)
{
        static const char text[] = "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e+3,-.123e-2,-87e+832,+0.6e-12,"
                                   "T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,";
        u32 ends[STATES] = { 0 };
        for (int round = 0; round < 8; round++) {
                enum state state = START;
                for (const char *at = text; *at; at++) {
                        char c = *at;
                        if (c == ',') {
                                ends[state]++;
                                state = START;
                                continue;
                        }
                        /* A letter is garbled now and then. */
                        if (next_random(&seed) % 61 == 0)
                                c ^= 0x11;
                        state = step(state, c);
                }
        }
        for (int i = 0; i < STATES; i++)
                crc = crc_word(crc, ends[i]);
        return crc;
}

u32 core(void)
{
        u16 crc = 0;
        for (u32 round = 1; round <= ROUNDS; round++) {
                crc = lists(crc, round * 7919);
                crc = matrices(crc, (short) (round * 3));
                crc = states(crc, round * 104729);
        }
        return crc;
}
