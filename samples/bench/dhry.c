/*
 * What programs of the eighties did, in the manner of Dhrystone: records behind pointers, strings of 30 letters, enumerations,
 * small procedures, few loops.
 */
#include "bench.h"

#define LETTERS 30
#define ROUNDS 8000
#define APART __attribute__((noipa))

enum colour { RED, GREEN, BLUE, WHITE, BLACK };

struct record {
        struct record *next;
        enum colour colour;
        int number, depth;
        char name[LETTERS + 1];
};

static struct record one, other;
static int vector[50], table[50][50];
static int total;
static char last_letter;
static int found;

static APART void copy(char *to, const char *from)
{
        while ((*to++ = *from++))
                ;
}

static APART int compare(const char *a, const char *b)
{
        while (*a && *a == *b)
                a++, b++;
        return (u8) *a - (u8) *b;
}

static APART enum colour blend(enum colour a, enum colour b)
{
        switch (a) {
        case RED:       return b == BLACK ? RED : GREEN;
        case GREEN:     return total > 100 ? RED : BLUE;
        case BLUE:      return BLUE;
        case WHITE:     return b;
        default:        return WHITE;
        }
}

static APART int plus_two(int a, int b) { return a + 2 + b; }

static APART char pick(char a, char b)
{
        if (a != b)
                return 'A';
        last_letter = a;
        return 'B';
}

static APART int longer(const char *a, const char *b)
{
        int at = 2;
        char letter = 'A';
        while (at <= 2)
                if (pick(a[at], b[at + 1]) == 'A') {
                        letter = 'A';
                        at++;
                } else {
                        letter = 'R';
                        at += 2;
                }
        if (letter >= 'W' && letter < 'Z')
                at = 7;
        if (letter == 'R')
                return 1;
        if (compare(a, b) > 0) {
                total = at + 7;
                return 1;
        }
        return 0;
}

static APART void fill(int *line, int rows[50][50], int from, int value)
{
        int at = from + 5;
        line[at] = value;
        line[at + 1] = line[at];
        line[at + 30] = at;
        for (int i = at; i <= at + 1; i++)
                rows[at][i] = at;
        rows[at][at - 1]++;
        rows[at + 20 - 15][at] = line[at];
        total = 5;
}

static APART void advance(struct record *record)
{
        struct record *next = record->next;
        *next = *record;
        record->number = 5;
        next->number = record->number;
        next->next = record->next;
        if (next->colour == RED) {
                next->number = 6;
                next->colour = blend(record->colour, BLACK);
                next->depth = plus_two(next->number, 10);
        } else {
                *record = *next;
        }
}

u32 dhry(void)
{
        char first[LETTERS + 1], second[LETTERS + 1];
        u32 sum = 0;
        other.next = &one;
        one.next = &other;
        one.colour = RED;
        one.depth = 0;
        total = 0;
        last_letter = 'A';
        found = 0;
        for (int i = 0; i < 50; i++) {
                vector[i] = 0;
                for (int j = 0; j < 50; j++)
                        table[i][j] = 0;
        }
        copy(one.name, "A RECORD WITH THIRTY LETTERS..");
        copy(first, "WORDS OF THIRTY LETTERS, FIRST");
        for (int round = 1; round <= ROUNDS; round++) {
                int a = 2, b = 3, c = 0;
                copy(second, round & 1 ? "WORDS OF THIRTY LETTERS, OTHER" : "WORDS OF THIRTY LETTERS, FIFTH");
                found += longer(first, second);
                while (a < b) {
                        c = 5 * a - b;
                        c = plus_two(a, c);
                        a++;
                }
                fill(vector, table, a, c);
                one.colour = (enum colour) (round % 3);
                advance(&one);
                for (char letter = 'A'; letter <= 'C'; letter++)
                        if (blend((enum colour) (letter - 'A'), pick(letter, 'C') == 'B' ? BLACK : BLUE) == RED)
                                c = plus_two(c, round);
                b = b * a;
                a = b / (c | 1);
                b = 7 * (b - c) - a;
                sum = sum * 31 + (u32) (a ^ b ^ c ^ other.depth ^ total ^ found ^ table[8][8] ^ vector[38]);
        }
        return sum ^ (u32) last_letter ^ (u32) one.name[3];
}
