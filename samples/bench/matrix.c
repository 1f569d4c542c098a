/* Nested loops: a product of matrices of 64 by 64 integers, several times. */
#include "bench.h"

#define N 64

static u32 a[N][N], b[N][N], c[N][N];

u32 matrix(void)
{
        u32 random = 123456789, sum = 0;
        for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++) {
                        a[i][j] = next_random(&random);
                        b[i][j] = next_random(&random);
                }
        for (int round = 0; round < 4; round++) {
                for (int i = 0; i < N; i++)
                        for (int j = 0; j < N; j++) {
                                u32 dot = 0;
                                for (int k = 0; k < N; k++)
                                        dot += a[i][k] * b[k][j];
                                c[i][j] = dot;
                        }
                a[round][round] += c[N - 1][round];
        }
        for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                        sum = sum * 17 + c[i][j];
        return sum;
}
