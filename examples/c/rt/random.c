/* Pseudo-random numbers: the additive generator x[n] = x[n-3] + x[n-31], whose lowest bit is dropped, seeded by the
 * minimal standard generator. Its numbers are those of glibc's rand(), so that a program's native run can be compared. */
#include <stdlib.h>
#include "rt.h"

enum { LAG = 31, NEAR = 3, FIRST = 10 * LAG };

static uint32_t ring[LAG];
static int place = -1;

/* The next number, its lowest bit included; it replaces that of LAG numbers ago. */
static uint32_t step(void)
{
    uint32_t value = ring[place] += ring[place >= NEAR ? place - NEAR : place - NEAR + LAG];
    place = place + 1 < LAG ? place + 1 : 0;
    return value;
}

void srand(unsigned seed)
{
    int32_t value = seed ? (int32_t)seed : 1;
    for (int i = 0; i < LAG; i++) {
        ring[i] = (uint32_t)value;
        /* 16807 * value modulo 2^31 - 1, by division with a remainder, as a seed may be negative. */
        int32_t high = value / 127773, low = value % 127773;
        value = 16807 * low - 2836 * high;
        if (value < 0)
            value += 0x7fffffff;
    }
    place = NEAR;
    for (int i = 0; i < FIRST; i++)
        step();
}

int rand(void)
{
    if (place < 0)
        srand(1);
    return (int)(step() >> 1);
}

int rand_r(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    uint32_t x = *seed;
    x ^= x >> 16;
    return (int)(x * 0x45d9f3bu >> 1);
}

long random(void)
{
    return rand();
}

void srandom(unsigned seed)
{
    srand(seed);
}
