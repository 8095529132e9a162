/* Comparison of numbers in single precision. Nothing is equal to a NaN, less or greater than it. */
#include "soft.h"

/* -1, 0 or 1 as a is less than, equal to or greater than b; `unordered` if either is a NaN. */
static inline int compare(f32 a, f32 b, int unordered)
{
    if (f32_is_nan(a) || f32_is_nan(b))
        return unordered;
    if (a == b || f32_magnitude(a | b) == 0)
        return 0;
    /* Numbers of one sign are in the order of their bits, or against it. */
    if ((a ^ b) & F32_SIGN)
        return a & F32_SIGN ? -1 : 1;
    return (a < b) ^ (a >> 31) ? -1 : 1;
}

/* The result is compared with 0 as the name says: __gesf2() >= 0 if and only if a >= b. */

int __eqsf2(f32 a, f32 b)
{
    return compare(a, b, 1);
}

int __nesf2(f32 a, f32 b)
{
    return compare(a, b, 1);
}

int __ltsf2(f32 a, f32 b)
{
    return compare(a, b, 1);
}

int __lesf2(f32 a, f32 b)
{
    return compare(a, b, 1);
}

int __gtsf2(f32 a, f32 b)
{
    return compare(a, b, -1);
}

int __gesf2(f32 a, f32 b)
{
    return compare(a, b, -1);
}

int __unordsf2(f32 a, f32 b)
{
    return f32_is_nan(a) || f32_is_nan(b);
}
