/* Calls through pointers and branches nobody predicts: quicksort with a comparing function, three orders. */
#include "bench.h"

#define ELEMENTS 6000

typedef int (*compare)(u32, u32);

static u32 numbers[ELEMENTS];

static __attribute__((noipa)) int ascending(u32 a, u32 b) { return a < b ? -1 : a > b; }
static __attribute__((noipa)) int descending(u32 a, u32 b) { return ascending(b, a); }
static __attribute__((noipa)) int by_low_half(u32 a, u32 b)
{
        int order = ascending(a & 0xFFFF, b & 0xFFFF);
        return order ? order : ascending(a, b);
}

static __attribute__((noipa)) void quicksort(u32 *first, u32 *last, compare order)
{
        while (first < last) {
                u32 *i = first, *j = last, pivot = first[(last - first) / 2];
                while (i <= j) {
                        while (order(*i, pivot) < 0)
                                i++;
                        while (order(*j, pivot) > 0)
                                j--;
                        if (i <= j) {
                                u32 swap = *i;
                                *i++ = *j;
                                *j-- = swap;
                        }
                }
                quicksort(first, j, order);
                first = i;
        }
}

u32 sort(void)
{
        static const compare orders[] = { ascending, by_low_half, descending };
        u32 random = 521288629, sum = 0;
        for (int i = 0; i < ELEMENTS; i++)
                numbers[i] = next_random(&random);
        for (int order = 0; order < 3; order++) {
                quicksort(numbers, numbers + ELEMENTS - 1, orders[order]);
                for (int i = 0; i < ELEMENTS; i += 7)
                        sum = sum * 31 + numbers[i];
        }
        return sum;
}
