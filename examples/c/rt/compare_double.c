/* Comparison of numbers in double precision. Nothing is equal to a NaN, less or greater than it. */
#include "soft.h"

/* -1, 0 or 1 as a is less than, equal to or greater than b; `unordered` if either is a NaN. */
static inline int compare(f64 a, f64 b, int unordered)
{
    if (f64_is_nan(a) || f64_is_nan(b))
        return unordered;
    if (a == b || f64_magnitude(a | b) == 0)
        return 0;
    /* Numbers of one sign are in the order of their bits, or against it. */
    if ((a ^ b) & F64_SIGN)
        return a & F64_SIGN ? -1 : 1;
    return (a < b) ^ (a >> 63) ? -1 : 1;
}

/* The result is compared with 0 as the name says: __gedf2() >= 0 if and only if a >= b. */

int __eqdf2(f64 a, f64 b)
{
    return compare(a, b, 1);
}

int __nedf2(f64 a, f64 b)
{
    return compare(a, b, 1);
}

int __ltdf2(f64 a, f64 b)
{
    return compare(a, b, 1);
}

int __ledf2(f64 a, f64 b)
{
    return compare(a, b, 1);
}

int __gtdf2(f64 a, f64 b)
{
    return compare(a, b, -1);
}

int __gedf2(f64 a, f64 b)
{
    return compare(a, b, -1);
}

int __unorddf2(f64 a, f64 b)
{
    return f64_is_nan(a) || f64_is_nan(b);
}
