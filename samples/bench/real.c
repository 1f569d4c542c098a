/* Floating point on the x87: five bodies under each other's gravity, and the Mandelbrot set. */
#include "bench.h"

#define BODIES 5

struct body {
        double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[BODIES];

static void place(void)
{
        u32 random = 362436069;
        for (int i = 0; i < BODIES; i++) {
                double *part = &bodies[i].x;
                for (int j = 0; j < 6; j++)
                        part[j] = (double) (int) (next_random(&random) >> 8) / 4194304.0 - 2.0;
                bodies[i].mass = (double) (i + 1);
        }
}

static void move(double dt)
{
        for (int i = 0; i < BODIES; i++) {
                struct body *a = &bodies[i];
                for (int j = i + 1; j < BODIES; j++) {
                        struct body *b = &bodies[j];
                        double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
                        double square = dx * dx + dy * dy + dz * dz + 0.01;
                        double pull = dt / (square * __builtin_sqrt(square));
                        a->vx -= dx * b->mass * pull;
                        a->vy -= dy * b->mass * pull;
                        a->vz -= dz * b->mass * pull;
                        b->vx += dx * a->mass * pull;
                        b->vy += dy * a->mass * pull;
                        b->vz += dz * a->mass * pull;
                }
        }
        for (int i = 0; i < BODIES; i++) {
                bodies[i].x += dt * bodies[i].vx;
                bodies[i].y += dt * bodies[i].vy;
                bodies[i].z += dt * bodies[i].vz;
        }
}

static u32 mandelbrot(int size, int most)
{
        u32 sum = 0;
        for (int row = 0; row < size; row++)
                for (int column = 0; column < size; column++) {
                        double cr = 3.0 * column / size - 2.25, ci = 2.5 * row / size - 1.25, r = 0, i = 0;
                        int steps = 0;
                        while (steps < most && r * r + i * i < 4.0) {
                                double next = r * r - i * i + cr;
                                i = 2.0 * r * i + ci;
                                r = next;
                                steps++;
                        }
                        sum = sum * 7 + (u32) steps;
                }
        return sum;
}

u32 real(void)
{
        u32 sum = mandelbrot(40, 50);
        place();
        for (int step = 0; step < 600; step++)
                move(0.001);
        for (int i = 0; i < BODIES; i++) {
                union { double value; u32 word[2]; } x = { bodies[i].x };
                sum = sum * 31 + (x.word[0] ^ x.word[1]);
        }
        return sum;
}
