/* Exact decimal fractions. Multiplying and dividing by powers of two is all that they can do: between a binary and a
 * decimal number there is nothing else, and digits of 2^k are digits of exact numbers. */
#pragma GCC optimize("Os")
#include "decimal.h"
#include "soft.h"

enum { UP = 29, DOWN = 9 }; /* LIMB * 2^UP fits into 64 bits, and 2^DOWN divides LIMB */

/* x / LIMB for x < 2^59: 2^61 / LIMB = 2305843009.2, so that the estimate is 2 too small at most. */
static uint32_t by_limb(uint64_t x, uint32_t *remainder)
{
    uint32_t quotient = (uint32_t)((x >> 29) * 2305843009u >> 32), rest = (uint32_t)x - quotient * LIMB;
    while (rest >= LIMB) {
        quotient++;
        rest -= LIMB;
    }
    *remainder = rest;
    return quotient;
}

static void trim(struct decimal *d)
{
    while (d->first < d->last && d->limb[d->first] == 0)
        d->first++;
    while (d->last > d->first && d->limb[d->last - 1] == 0)
        d->last--;
    if (d->first == d->last)
        d->first = d->last = WHOLE;
}

static void multiply(struct decimal *d, int shift)
{
    uint32_t carry = 0;
    for (int i = d->last - 1; i >= d->first; i--) {
        uint64_t x = ((uint64_t)d->limb[i] << shift) + carry;
        carry = by_limb(x, &d->limb[i]);
    }
    if (carry && d->first > 0)
        d->limb[--d->first] = carry;
    trim(d);
}

static void divide(struct decimal *d, int shift)
{
    uint32_t carry = 0, mask = (1u << shift) - 1, unit = LIMB >> shift;
    for (int i = d->first; i < d->last; i++) {
        uint32_t x = d->limb[i];
        d->limb[i] = (x >> shift) + carry * unit;
        carry = x & mask;
    }
    if (carry && d->last < LIMBS)
        d->limb[d->last++] = carry * unit;
    else if (carry)
        d->more = true;
    trim(d);
}

void __decimal_scale(struct decimal *d, int exponent)
{
    while (exponent > 0) {
        int step = exponent < UP ? exponent : UP;
        multiply(d, step);
        exponent -= step;
    }
    while (exponent < 0) {
        int step = -exponent < DOWN ? -exponent : DOWN;
        divide(d, step);
        exponent += step;
    }
}

void __decimal_set(struct decimal *d, uint64_t significand, int exponent)
{
    d->more = false;
    d->first = d->last = WHOLE;
    while (significand) {
        d->first--;
        significand = by_limb(significand, &d->limb[d->first]);
    }
    trim(d);
    __decimal_scale(d, exponent);
}

/* The number as m * 2^exponent with the leading bit of m at 62, and its lowest bit set if there is more below it. */
static uint64_t normalize(struct decimal *d, int *exponent)
{
    *exponent = 0;
    /* At least 10^18; then below 9 * 10^18 < 2^63, but not below 2^53: 53 bits, one to round, and `more`. */
    while (d->first > WHOLE - 3) {
        __decimal_scale(d, UP);
        *exponent -= UP;
    }
    while (d->first < WHOLE - 3 || (d->first == WHOLE - 3 && d->limb[d->first] >= 9)) {
        __decimal_scale(d, -DOWN);
        *exponent += DOWN;
    }
    uint64_t m = 0;
    for (int i = d->first; i < WHOLE; i++)
        m = m * LIMB + (i < d->last ? d->limb[i] : 0);
    bool more = d->more || d->last > WHOLE;
    int shift = zeros64(m) - 1;
    *exponent -= shift;
    return m << shift | more;
}

uint64_t __decimal_double(struct decimal *d)
{
    int exponent;
    if (d->first == d->last)
        return 0;
    uint64_t m = normalize(d, &exponent);
    return f64_pack(0, exponent + 62 + 1023, m);
}

uint32_t __decimal_float(struct decimal *d)
{
    int exponent;
    if (d->first == d->last)
        return 0;
    uint64_t m = normalize(d, &exponent);
    return f32_pack(0, exponent + 62 + 127, (uint32_t)(m >> 32) | ((uint32_t)m != 0));
}
