/* Fibonacci numbers by the double recursion: calls, returns and little else. */
#include "kernel.h"

KERNEL static uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    uint32_t sum = 0;
    for (uint32_t n = 35; n <= 38; n++)
        sum = fold(sum, fib(n * seed));
    report("fib", sum);
    return 0;
}
