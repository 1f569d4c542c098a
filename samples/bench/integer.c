/* Integer arithmetic in registers: xorshift numbers, and the lengths of Collatz sequences. */
#include "bench.h"

u32 integer(void)
{
        u32 x = 2463534242u, sum = 0;
        for (int i = 0; i < 200000; i++)
                sum += next_random(&x);
        for (u32 start = 1; start <= 8000; start++) {
                u32 n = start, steps = 0;
                while (n != 1) {
                        n = n & 1 ? 3 * n + 1 : n >> 1;
                        steps++;
                }
                sum = sum * 31 + steps;
        }
        return sum;
}
