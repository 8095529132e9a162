/* primes: the sieve of Eratosthenes, a bit for each odd number, in memory from calloc().
 *
 *   Run it:     ring1 run examples/c/primes.c
 *   Look for:   the ten largest primes below two million, and how many there are: 148933. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIMIT = 2000000, SHOWN = 10 };

static int is_composite(const uint32_t *bits, uint32_t n)
{
    return bits[n >> 6] >> (n >> 1 & 31) & 1;
}

int main(void)
{
    uint32_t *bits = calloc(LIMIT / 64 + 1, sizeof *bits), last[SHOWN], count = 1;
    if (!bits) {
        puts("no memory");
        return 1;
    }
    for (uint32_t n = 3; n * n < LIMIT; n += 2)
        if (!is_composite(bits, n))
            for (uint32_t k = n * n; k < LIMIT; k += 2 * n)
                bits[k >> 6] |= 1u << (k >> 1 & 31);
    for (uint32_t n = 3; n < LIMIT; n += 2)
        if (!is_composite(bits, n))
            last[count++ % SHOWN] = n;
    printf("The largest primes below %d:", LIMIT);
    for (int i = 0; i < SHOWN; i++)
        printf(" %lu", (unsigned long)last[(count + i) % SHOWN]);
    printf("\nThere are %lu of them.\n", (unsigned long)count);
    free(bits);
    return 0;
}
