/* The sieve of Eratosthenes, one byte a number: short inner loops of stores with a stride. */
#include "kernel.h"

enum { LIMIT = 1 << 20, ROUNDS = 60 };

static uint8_t composite[LIMIT];

KERNEL static uint32_t sieve(uint32_t limit)
{
    uint32_t count = 0;
    for (uint32_t i = 2; i < limit; i++)
        composite[i] = 0;
    for (uint32_t i = 2; i < limit; i++) {
        if (composite[i])
            continue;
        count++;
        for (uint32_t j = i + i; j < limit; j += i)
            composite[j] = 1;
    }
    return count;
}

int main(void)
{
    uint32_t sum = 0, rounds = part_of(ROUNDS);
    for (uint32_t round = 0; round < rounds; round++)
        sum = fold(sum, sieve(LIMIT - round * 1000 * seed));
    report("sieve", sum);
    return 0;
}
