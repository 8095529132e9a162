/* Copying bytes and looking for a string's end, a byte at a time. */
#include "kernel.h"

enum { SIZE = 1 << 15, ROUNDS = 8000 };

static char from[SIZE], to[SIZE];

KERNEL static void copy(char *target, const char *source, uint32_t count)
{
    while (count--)
        *target++ = *source++;
}

KERNEL static uint32_t length(const char *string)
{
    const char *end = string;
    while (*end)
        end++;
    return (uint32_t)(end - string);
}

int main(void)
{
    uint32_t state = seed, sum = 0, rounds = part_of(ROUNDS);
    for (uint32_t i = 0; i < SIZE - 1; i++)
        from[i] = (char)(next_random(&state) % 255 + 1);
    for (uint32_t round = 0; round < rounds; round++) {
        from[round * 7 % SIZE] = (char)(round | 1);
        copy(to, from, SIZE);
        to[SIZE - 1 - round] = 0;
        sum = fold(sum, length(to) + (uint8_t)to[round]);
    }
    report("bytes", sum);
    return 0;
}
