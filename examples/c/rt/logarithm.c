/* Logarithms. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* For each 32nd of 1 <= x < 2 a c with |x c / 128 - 1| < 1/32. */
static const uint8_t reciprocals[32] = {
    128, 122, 119, 115, 112, 109, 106, 104, 101, 99, 96, 94, 92, 90, 88, 86,
    84, 83, 81, 80, 78, 77, 75, 74, 72, 71, 70, 69, 68, 67, 66, 64,
};

/* -log2(c / 128), 116 bits behind the point. */
static const struct wide logarithms[32] = {
    {0x0000000000000000, 0x0000000000000000}, {0x00011bb32a600549, 0xd0cc62a295de739d},
    {0x0001aed391ab6674, 0xe5008e379faa7c30}, {0x000278df6ca19bca, 0x142c8958f27b6519},
    {0x000315130157f7a6, 0x4ccd536fc5bec1a5}, {0x0003b5845a7c883a, 0x5fc8ae9c1372a9dc},
    {0x00045a7014d8fc56, 0x1c8d43e017579b71}, {0x0004caffb8dc3b9a, 0x1968925e378d67cb},
    {0x000577f73c7bab83, 0x910b5b643a6ecb71}, {0x0005ee27c0b3caab, 0x4c7c4f175aa9d93d},
    {0x0006a3fe5c604297, 0x8605ff4edf5f9745}, {0x0007206770b517f9, 0x0e25762b11993c90},
    {0x00079f7d7f94e2ac, 0xd3bed456b24ed10f}, {0x0008215ea5cd3e4c, 0x4c79b39ffeebc293},
    {0x0008a62b07f3457c, 0x407050799beaaab3}, {0x00092e050231df57, 0xd6fae441c09d761c},
    {0x0009b9115db83a3d, 0xd2d352bea51e58eb}, {0x0009ffd6a73a78ea, 0xf354527d82c8214e},
    {0x000a8ff971810a5e, 0x1817fd3b7d7e5d15}, {0x000ad961ed0cb91d, 0x406db502402c9409},
    {0x000b6efe153c7e31, 0x9f6e91ad16ecff10}, {0x000bbb3e094b3d22, 0x8d3da3e961a96c58},
    {0x000c56c23679b4d2, 0x06e169535fb8bf57}, {0x000ca6143a49626d, 0x8203dc2687fcf939},
    {0x000d47fcb8c0852f, 0x0c0bfe9dbebf2e8a}, {0x000d9aa2c3b0ea3c, 0xbc15c1a7f14b168b},
    {0x000dee74ee64b0c3, 0x8d3b087205eb55af}, {0x000e437bdbf52544, 0x59c4d3a591ae6854},
    {0x000e99c090536ece, 0x98333ac7d9ebba8a}, {0x000ef14c7605d606, 0x54c308b454666de9},
    {0x000f4a2964538813, 0xc6764fc87b4a41f8}, {0x0010000000000000, 0x0000000000000000},
};

/* log2(e) / (i + 1), 63 bits behind the point. */
static const uint64_t series[] = {
    0xb8aa3b295c17f0bc, 0x5c551d94ae0bf85e, 0x3d8e13b87407fae9, 0x2e2a8eca5705fc2f,
    0x24eed8a1df37fcf2, 0x1ec709dc3a03fd75, 0x1a61762a7aded93f, 0x171547652b82fe17,
    0x1484b13d7c02a8f8, 0x12776c50ef9bfe79, 0x10c9a84994022d28, 0x0f6384ee1d01feba,
    0x0e347ab4698bb00e, 0x0d30bb153d6f6ca0,
};

enum { TERMS = sizeof series / sizeof *series };

/* x = 2^e m; log2(x) = e - log2(c/128) + log2(1 + r), r = m c/128 - 1. At both ends of 1 <= m < 2 the second is exact,
 * so that logarithms close to 0 lose nothing. */
struct extended __logarithm(struct extended x, uint64_t *low)
{
    uint32_t place = (uint32_t)(x.m >> 58) & 31;
    /* 59 bits behind the point, then 67. */
    int64_t r = (int64_t)((x.m >> 11) * reciprocals[place] - ((uint64_t)1 << 59)) * 256;
    uint64_t sum = series[TERMS - 1];
    for (int i = TERMS - 2; i >= 0; i--)
        sum = series[i] - (uint64_t)(multiply_high_signed(r, sum) >> 3);
    /* 130 bits behind the point, then 116. */
    struct wide last = multiply64(r < 0 ? -(uint64_t)r : (uint64_t)r, sum);
    last.low = last.high << 50 | last.low >> 14;
    last.high >>= 14;
    struct wide total = logarithms[place];
    if (r < 0) {
        total.high -= last.high + (total.low < last.low);
        total.low -= last.low;
    } else {
        total.low += last.low;
        total.high += last.high + (total.low < last.low);
    }
    total.high += (uint64_t)(int64_t)x.exponent << 52;
    bool negative = total.high >> 63;
    if (negative) {
        total.low = -total.low;
        total.high = ~total.high + !total.low;
    }
    int shift = total.high ? zeros64(total.high) : 64 + zeros64(total.low);
    *low = shift < 64 ? total.low << shift : 0;
    if (!total.high && !total.low)
        return (struct extended){false, 0, 0};
    if (shift >= 64)
        total.high = total.low << (shift - 64);
    else if (shift)
        total.high = total.high << shift | total.low >> (64 - shift);
    return (struct extended){negative, 11 - shift, total.high};
}

/* The logarithm for another base: `factor` * log2(x). */
static f64 scaled(f64 x, struct extended factor)
{
    uint64_t low;
    if (f64_magnitude(x) == 0)
        return F64_SIGN | F64_INFINITY;
    if (f64_is_nan(x) || x & F64_SIGN)
        return F64_NAN;
    if (x == F64_INFINITY)
        return x;
    return f64_of(multiply_extended(__logarithm(extended_of(x), &low), factor));
}

f64 __log(f64 x)
{
    return scaled(x, (struct extended){false, -1, 0xb17217f7d1cf79ac});
}

static f64 log10_bits(f64 x)
{
    return scaled(x, (struct extended){false, -2, 0x9a209a84fbcff799});
}

static f64 log2_bits(f64 x)
{
    return scaled(x, (struct extended){false, 0, (uint64_t)1 << 63});
}

/* log(1 + x) = log(u) + c / u, where u = 1 + x is rounded, and c is what was lost. */
f64 __log1p(f64 x)
{
    if (f64_magnitude(x) < F64(1e-17) || f64_magnitude(x) >= F64_INFINITY)
        return f64_is_nan(x) || x == (F64_SIGN | F64_INFINITY) ? F64_NAN : x;
    f64 one = F64(1.0), u = __adddf3(x, one);
    if (f64_magnitude(x) < F64(1e-8))
        return __subdf3(x, __muldf3(F64(0.5), __muldf3(x, x)));
    if (f64_magnitude(u) == 0 || u & F64_SIGN)
        return __log(u);
    /* Of the two that are added the first is the larger one. */
    f64 lost = f64_magnitude(x) < one ? __subdf3(x, __subdf3(u, one)) : __subdf3(one, __subdf3(u, x));
    return __adddf3(__log(u), __divdf3(lost, u));
}

double log(double x)
{
    return f64_value(__log(f64_bits(x)));
}

double log10(double x)
{
    return f64_value(log10_bits(f64_bits(x)));
}

double log2(double x)
{
    return f64_value(log2_bits(f64_bits(x)));
}

double log1p(double x)
{
    return f64_value(__log1p(f64_bits(x)));
}

float logf(float x)
{
    return as_float(__log, x);
}

float log10f(float x)
{
    return as_float(log10_bits, x);
}

float log2f(float x)
{
    return as_float(log2_bits, x);
}

float log1pf(float x)
{
    return as_float(__log1p, x);
}
