/* hello: the smallest C program that shows something, and what printf() can do.
 *
 *   Run it:     ring1 run examples/c/hello.c
 *   Look for:   the greeting, the machine's sizes as the compiler sees them, and one number in several notations. */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

int main(void)
{
    int number = 1234567;
    printf("Hello, world!\n");
    printf("An int has %d bits, a long long %d.\n", (int)sizeof(int) * CHAR_BIT, (int)sizeof(long long) * CHAR_BIT);
    printf("decimal %d, hexadecimal %#x, octal %#o, padded [%10d] [%-10d] [%010d]\n", number, (unsigned)number,
        (unsigned)number, number, number, number);
    printf("2^63 = %llu, its square root %.3f, a third %.15g\n", 1ull << 63, 3037000499.976, 1.0 / 3.0);
    printf("%s %c %5.2f%%\n", "strings,", 'c', 99.5);
    return 0;
}
