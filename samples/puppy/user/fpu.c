/*
 * x87 arithmetic that must survive being interrupted by somebody else's.
 *
 * Adds 1/k^2 over and over, to pi^2 / 6, with the running sum on the FPU stack; each copy starts at
 * a different k.  Every round has to come out the same, bit for bit.
 */
#include "user.h"

#define ROUNDS 20
#define TERMS 20000

static long double round_sum(u32 first)
{
        long double sum = 0, k = first;

        for (u32 i = 0; i < TERMS; i++, k += 1)
                sum += 1 / (k * k);
        return sum;
}

int main(u32 argument)
{
        long double expected = round_sum(argument + 1);
        u32 wrong = 0;

        for (u32 i = 1; i < ROUNDS; i++) {
                if (round_sum(argument + 1) != expected)
                        wrong++;
                if (i % 5 == 0)
                        yield();
        }
        u32 millionths = expected * 1000000;
        struct line line = { .length = 0 };
        text(number(text(&line, "fpu: sum from 1/"), argument + 1, 1), "^2 is ");
        text(number(text(number(&line, millionths / 1000000, 1), "."), millionths % 1000000, 6), ", ");
        text(number(&line, wrong, 1), " rounds differ\n");
        say(&line);
        return wrong != 0;
}
