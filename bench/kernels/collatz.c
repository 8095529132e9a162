/* The longest of the Collatz sequences that begin below a limit: a branch on every value that nobody predicts.
 * No sequence that begins below 159487 exceeds 32 bits. */
#include "kernel.h"

enum { LIMIT = 150000, ROUNDS = 10 };

KERNEL static uint32_t longest(uint32_t from, uint32_t to)
{
    uint32_t most = 0, best = 0;
    for (uint32_t i = from; i < to; i++) {
        uint32_t steps = 0;
        for (uint32_t n = i; n != 1; steps++)
            n = n & 1 ? 3 * n + 1 : n >> 1;
        if (steps > most) {
            most = steps;
            best = i;
        }
    }
    return fold(most, best);
}

int main(void)
{
    uint32_t sum = 0, rounds = part_of(ROUNDS);
    for (uint32_t round = 0; round < rounds; round++)
        sum = fold(sum, longest(seed, LIMIT - round));
    report("collatz", sum);
    return 0;
}
