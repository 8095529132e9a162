/* Calls in the scripting language: Fibonacci's numbers by recursion, functions found by their names. */
#include "script.h"

enum { ROUNDS = 1200 };

static const char text[] =
    "function fib(n)\n"
    "  if n < 2 then return n end\n"
    "  return fib(n - 1) + fib(n - 2)\n"
    "end\n"
    "answer = fib(19)\n";

int main(void)
{
    uint32_t sum = seed;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        run_script(text);
        sum = fold(sum, result("answer", 6));
    }
    report("script_fib", fold(sum, executed));
    return result("answer", 6) != 4181;
}
