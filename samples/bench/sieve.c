/* Bytes over a wide range: the sieve of Eratosthenes on 1 MiB. */
#include "bench.h"

#define NUMBERS (1 << 20)

static u8 composite[NUMBERS];

u32 sieve(void)
{
        u32 primes = 0, sum = 0;
        for (u32 n = 0; n < NUMBERS; n++)
                composite[n] = 0;
        for (u32 n = 2; n < NUMBERS; n++) {
                if (composite[n])
                        continue;
                primes++;
                sum ^= n * primes;
                if (n < 1 << 10)
                        for (u32 multiple = n * n; multiple < NUMBERS; multiple += n)
                                composite[multiple] = 1;
        }
        return primes ^ sum;
}
