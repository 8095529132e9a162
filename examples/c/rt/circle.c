/* Sine, cosine and tangent. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* 2 / pi, the bits behind the point. */
static const uint32_t two_by_pi[] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
    0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
    0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
    0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d,
};

/* 1/3!, 1/5! ... and 1/2!, 1/4! ... */
static const uint64_t odd[] = {
    0x2aaaaaaaaaaaaaab, 0x0222222222222222, 0x000d00d00d00d00d, 0x00002e3bc74aad8e,
    0x0000006b99159fd5, 0x00000000b092309d, 0x0000000000d73f9f, 0x000000000000ca96,
    0x0000000000000098,
};
static const uint64_t even[] = {
    0x8000000000000000, 0x0aaaaaaaaaaaaaab, 0x005b05b05b05b05b, 0x0001a01a01a01a02,
    0x0000049f93edde28, 0x00000008f76c77fc, 0x000000000c9cba54, 0x00000000000d73fa,
    0x0000000000000b41, 0x0000000000000008,
};

enum { WINDOW = 6, TERMS = 9 };

/* An angle, less a multiple of pi / 2: at most pi / 4. */
struct angle {
    uint32_t quadrant;
    struct extended rest;
};

/* Multiply by so much of 2 / pi as matters: bits that give multiples of 4 are left out (Payne and Hanek). */
static struct angle reduce(f64 x)
{
    struct extended e = extended_of(x);
    struct angle a = {0, e};
    if (e.exponent < -1 || (e.exponent == -1 && e.m <= 0xc90fdaa22168c000))
        return a;
    /* x = m 2^q */
    int q = e.exponent - 52, from = q > 2 ? q - 2 : 0, right = from - q + 2;
    uint32_t m[2] = {(uint32_t)(e.m >> 11), (uint32_t)(e.m >> 43)}, product[WINDOW + 2] = {0};
    for (int i = 0; i < WINDOW; i++) {
        /* Word i, from the lowest, of the window. */
        int place = from + 32 * (WINDOW - 1 - i), part = place % 32;
        uint32_t word = two_by_pi[place / 32] << part;
        if (part)
            word |= two_by_pi[place / 32 + 1] >> (32 - part);
        uint64_t carry = 0;
        for (int k = 0; k < 2; k++) {
            carry += (uint64_t)word * m[k] + product[i + k];
            product[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        product[i + 2] = (uint32_t)carry;
    }
    /* Quarters of a turn modulo 4: two bits before the point, which is behind the highest bits of word WINDOW - 1. */
    int words = right / 32, bits = right % 32;
    uint64_t top[3];
    for (int i = 0; i < 3; i++) {
        uint32_t pair[3];
        for (int k = 0; k < 3; k++) {
            int at = WINDOW - 6 + 2 * i + k + words;
            pair[k] = at < WINDOW + 2 ? product[at] : 0;
        }
        uint32_t low = bits ? pair[0] >> bits | pair[1] << (32 - bits) : pair[0];
        uint32_t high = bits ? pair[1] >> bits | pair[2] << (32 - bits) : pair[1];
        top[i] = (uint64_t)high << 32 | low;
    }
    a.quadrant = (uint32_t)(top[2] >> 62);
    uint64_t high = top[2] << 2 | top[1] >> 62, low = top[1] << 2 | top[0] >> 62;
    bool negative = high >> 63;
    if (negative) {
        a.quadrant++;
        low = -low;
        high = ~high + !low;
    }
    int shift = high ? zeros64(high) : 64 + zeros64(low);
    if (shift >= 64)
        high = low << (shift - 64);
    else if (shift)
        high = high << shift | low >> (64 - shift);
    a.rest = multiply_extended((struct extended){negative, -1 - shift, high}, HALF_PI);
    if (e.negative) {
        a.quadrant = -a.quadrant;
        a.rest.negative = !a.rest.negative;
    }
    a.quadrant &= 3;
    return a;
}

/* t - t^3/3! + ... */
static struct extended sine(struct extended t)
{
    uint64_t f = fraction_of(t), square = multiply_high(f, f), sum = odd[TERMS - 1];
    for (int i = TERMS - 2; i >= 0; i--)
        sum = odd[i] - multiply_high(sum, square);
    sum = ((uint64_t)1 << 63) - (multiply_high(sum, square) >> 1);
    return normalized(t.negative, t.exponent + 1, multiply_high(t.m, sum));
}

/* 1 - t^2/2! + ... */
static struct extended cosine(struct extended t)
{
    uint64_t f = fraction_of(t), square = multiply_high(f, f), sum = even[TERMS];
    for (int i = TERMS - 1; i >= 0; i--)
        sum = even[i] - multiply_high(sum, square);
    return normalized(false, 0, ((uint64_t)1 << 63) - (multiply_high(sum, square) >> 1));
}

static struct extended sine_of(struct angle a)
{
    struct extended s = a.quadrant & 1 ? cosine(a.rest) : sine(a.rest);
    s.negative ^= a.quadrant >> 1;
    return s;
}

static struct extended cosine_of(struct angle a)
{
    a.quadrant = (a.quadrant + 1) & 3;
    return sine_of(a);
}

static bool tiny(f64 x)
{
    return f64_magnitude(x) < F64(1e-9);
}

static bool infinite(f64 x)
{
    return f64_magnitude(x) >= F64_INFINITY;
}

static f64 sin_bits(f64 x)
{
    if (infinite(x))
        return F64_NAN;
    return tiny(x) ? x : f64_of(sine_of(reduce(x)));
}

static f64 cos_bits(f64 x)
{
    return infinite(x) ? F64_NAN : f64_of(cosine_of(reduce(x)));
}

static f64 tan_bits(f64 x)
{
    if (infinite(x))
        return F64_NAN;
    if (tiny(x))
        return x;
    struct angle a = reduce(x);
    return f64_of(divide_extended(sine_of(a), cosine_of(a)));
}

double sin(double x)
{
    return f64_value(sin_bits(f64_bits(x)));
}

double cos(double x)
{
    return f64_value(cos_bits(f64_bits(x)));
}

double tan(double x)
{
    return f64_value(tan_bits(f64_bits(x)));
}

void sincos(double x, double *s, double *c)
{
    *s = f64_value(sin_bits(f64_bits(x)));
    *c = f64_value(cos_bits(f64_bits(x)));
}

float sinf(float x)
{
    return as_float(sin_bits, x);
}

float cosf(float x)
{
    return as_float(cos_bits, x);
}

float tanf(float x)
{
    return as_float(tan_bits, x);
}

void sincosf(float x, float *s, float *c)
{
    *s = as_float(sin_bits, x);
    *c = as_float(cos_bits, x);
}
