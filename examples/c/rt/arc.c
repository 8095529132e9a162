/* The inverse functions of sine, cosine and tangent. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* atan(i / 16) */
static const uint64_t arcs[17] = {
    0x0000000000000000, 0x0ffaaddb967ef4e3, 0x1fd5ba9aac2f6dc6, 0x2f72f6979cb6044d,
    0x3eb6ebf25901bac5, 0x4d89dcdc1faf2f35, 0x5bd86507937bc23a, 0x6993bb0f308ff2db,
    0x76b19c1586ed3da3, 0x832bf4a6d9867e2a, 0x8f005d5ef7f59f9b, 0x9a2f80e671bdda20,
    0xa4bc7d1934f70924, 0xaeac4c38b4d8c080, 0xb8053e2bc2319e74, 0xc0ce85b8ac526641,
    0xc90fdaa22168c235,
};

/* 1/3, 1/5 ... */
static const uint64_t series[] = {
    0x5555555555555555, 0x3333333333333333, 0x2492492492492492, 0x1c71c71c71c71c72,
    0x1745d1745d1745d1, 0x13b13b13b13b13b1, 0x1111111111111111,
};

enum { TERMS = sizeof series / sizeof *series };

static const struct extended ONE = {false, 0, (uint64_t)1 << 63};

/* atan(z) = atan(c) + atan((z - c) / (1 + z c)), c being the nearest 16th. */
struct extended __arc(struct extended z)
{
    if (z.exponent < -32)
        return z;
    uint32_t place = z.exponent >= 0 ? 16 : (uint32_t)(((fraction_of(z) >> 58) + 2) >> 2);
    struct extended w = z;
    if (place) {
        struct extended c = normalized(false, 63, place);
        c.exponent -= 4;
        w = divide_extended(add_extended(z, negated(c)), add_extended(ONE, multiply_extended(z, c)));
    }
    /* w - w^3/3 + ..., |w| <= 1/32 */
    if (w.exponent > -32) {
        uint64_t f = fraction_of(w), square = multiply_high(f, f), sum = series[TERMS - 1];
        for (int i = TERMS - 2; i >= 0; i--)
            sum = series[i] - multiply_high(sum, square);
        sum = ((uint64_t)1 << 63) - (multiply_high(sum, square) >> 1);
        w = normalized(w.negative, w.exponent + 1, multiply_high(w.m, sum));
    }
    return place ? add_extended(normalized(false, -1, arcs[place]), w) : w;
}

f64 __atan2(f64 y, f64 x)
{
    f64 a = f64_magnitude(x), b = f64_magnitude(y);
    if (f64_is_nan(x) || f64_is_nan(y))
        return F64_NAN;
    bool left = x & F64_SIGN;
    f64 sign = y & F64_SIGN;
    struct extended arc = {false, 0, 0};
    /* From the nearer axis. */
    bool steep = b > a;
    if (a == b && b)
        arc = (struct extended){false, -1, PI.m};
    else if ((steep ? a : b) && (steep ? b : a) != F64_INFINITY) {
        struct extended p = extended_of(a), q = extended_of(b);
        arc = __arc(steep ? divide_extended(p, q) : divide_extended(q, p));
    }
    if (steep)
        arc = add_extended(HALF_PI, left ? arc : negated(arc));
    else if (left)
        arc = add_extended(PI, negated(arc));
    return sign | f64_magnitude(f64_of(arc));
}

static f64 atan_bits(f64 x)
{
    return __atan2(x, F64(1.0));
}

static f64 asin_bits(f64 x)
{
    f64 one = F64(1.0);
    if (f64_magnitude(x) > one)
        return F64_NAN;
    return __atan2(x, __sqrt(__muldf3(__subdf3(one, x), __adddf3(one, x))));
}

static f64 acos_bits(f64 x)
{
    f64 one = F64(1.0);
    if (f64_magnitude(x) > one)
        return F64_NAN;
    return __muldf3(F64(2.0), __atan2(__sqrt(__subdf3(one, x)), __sqrt(__adddf3(one, x))));
}

double atan(double x)
{
    return f64_value(atan_bits(f64_bits(x)));
}

double atan2(double y, double x)
{
    return f64_value(__atan2(f64_bits(y), f64_bits(x)));
}

double asin(double x)
{
    return f64_value(asin_bits(f64_bits(x)));
}

double acos(double x)
{
    return f64_value(acos_bits(f64_bits(x)));
}

float atanf(float x)
{
    return as_float(atan_bits, x);
}

float atan2f(float y, float x)
{
    return as_float2(__atan2, y, x);
}

float asinf(float x)
{
    return as_float(asin_bits, x);
}

float acosf(float x)
{
    return as_float(acos_bits, x);
}
