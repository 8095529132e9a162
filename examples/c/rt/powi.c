/* Powers with integer exponents, as GCC calls them for __builtin_powi(). */
#include "soft.h"

double __powidf2(double x, int n)
{
    double power = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : (unsigned)n; left; left >>= 1) {
        if (left & 1)
            power *= x;
        x *= x;
    }
    return n < 0 ? 1 / power : power;
}

float __powisf2(float x, int n)
{
    float power = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : (unsigned)n; left; left >>= 1) {
        if (left & 1)
            power *= x;
        x *= x;
    }
    return n < 0 ? 1 / power : power;
}
