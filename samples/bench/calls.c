/* Calls and returns: Fibonacci numbers and Takeuchi's function, both by recursion. */
#include "bench.h"

static __attribute__((noipa)) u32 fib(u32 n)
{
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noipa)) int tak(int x, int y, int z)
{
        return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

u32 calls(void)
{
        return fib(25) ^ (u32) tak(18, 12, 6) << 20;
}
