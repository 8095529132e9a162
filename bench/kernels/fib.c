/* Fibonacci numbers by the double recursion: calls, returns and little else. */
#include "kernel.h"

KERNEL static uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    uint32_t sum = 0, most = 38;
    for (uint32_t rest = part_of(1000); rest < 1000; rest = rest * 1618 / 1000)
        most--;
    for (uint32_t n = most - 3; n <= most; n++)
        sum = fold(sum, fib(n * seed));
    report("fib", sum);
    return 0;
}
