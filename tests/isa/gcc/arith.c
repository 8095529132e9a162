/* What calls libgcc, and what is done in line: floating point, long long, variable arguments. */
#include <stdarg.h>
typedef long long L;
typedef unsigned long long U;
double d = 1.5, e[3] = {0.1, 1e300, -0.0};
float f = 2.5f;
double mix(double a, float b, int c, L l) { return a * b / c + l - d; }
int compare(double a, double b) { return a < b ? 1 : a == b ? 2 : a >= b * f ? 3 : -1; }
L multiply(L a, L b) { return a * b; }
U divide(U a, U b) { return a / b % (b + 3); }
L shift(L a, int n) { return (a << n) ^ (a >> (n + 1)); }
int less(L a, L b) { return a < b; }
L constant(void) { return 0x123456789abcdefLL + (L)d; }
unsigned high(unsigned a, unsigned b) { return (U)a * b >> 32; }
int high_signed(int a, int b) { return (L)a * b >> 32; }
int by_seven(int a) { return a / 7 + a % 10 + a / 8; }
unsigned char bytes(unsigned char x) { return x * 3; }
short halves(short a) { return -a; }
int total(int n, ...)
{
    va_list ap;
    va_start(ap, n);
    int s = 0;
    for (int i = 0; i < n; i++)
        s += va_arg(ap, int);
    s += (int)va_arg(ap, double);
    s += va_arg(ap, L);
    va_end(ap);
    return s;
}
int use(void) { return total(3, 1, 2, 3, 4.5, 6LL); }
