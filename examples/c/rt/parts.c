/* The parts of floating-point numbers: sign, exponent, significand, neighbours, remainders. */
#pragma GCC optimize("Os")
#include <limits.h>
#include <math.h>
#include "soft.h"

/* --- double --- */

double fabs(double x)
{
    return f64_value(f64_magnitude(f64_bits(x)));
}

double copysign(double x, double y)
{
    return f64_value(f64_magnitude(f64_bits(x)) | (f64_bits(y) & F64_SIGN));
}

double nan(const char *tag)
{
    (void)tag;
    return f64_value(F64_NAN);
}

double fmin(double x, double y)
{
    if (f64_is_nan(f64_bits(x)))
        return y;
    return x > y ? y : x;
}

double fmax(double x, double y)
{
    if (f64_is_nan(f64_bits(x)))
        return y;
    return x < y ? y : x;
}

double fdim(double x, double y)
{
    return x <= y ? 0 : x - y;
}

double frexp(double x, int *exponent)
{
    f64 bits = f64_bits(x), magnitude = f64_magnitude(bits);
    *exponent = 0;
    if (magnitude == 0 || magnitude >= F64_INFINITY)
        return x;
    uint64_t m;
    *exponent = f64_unpack(magnitude, &m) - 1022;
    return f64_value((bits & F64_SIGN) | (m - F64_ONE) | (f64)1022 << 52);
}

double scalbn(double x, int exponent)
{
    f64 bits = f64_bits(x), magnitude = f64_magnitude(bits);
    if (magnitude == 0 || magnitude >= F64_INFINITY)
        return x;
    uint64_t m;
    int sum = f64_unpack(magnitude, &m) + (exponent > 9999 ? 9999 : exponent < -9999 ? -9999 : exponent);
    return f64_value(f64_pack(bits & F64_SIGN, sum, m << 10));
}

double ldexp(double x, int exponent)
{
    return scalbn(x, exponent);
}

double scalbln(double x, long exponent)
{
    return scalbn(x, exponent > 9999 ? 9999 : exponent < -9999 ? -9999 : (int)exponent);
}

int ilogb(double x)
{
    f64 magnitude = f64_magnitude(f64_bits(x));
    if (magnitude >= F64_INFINITY)
        return magnitude == F64_INFINITY ? INT_MAX : FP_ILOGBNAN;
    if (magnitude == 0)
        return FP_ILOGB0;
    uint64_t m;
    return f64_unpack(magnitude, &m) - 1023;
}

double logb(double x)
{
    f64 magnitude = f64_magnitude(f64_bits(x));
    if (magnitude >= F64_INFINITY)
        return f64_value(magnitude);
    return magnitude ? (double)ilogb(x) : f64_value(F64_SIGN | F64_INFINITY);
}

double modf(double x, double *whole)
{
    f64 bits = f64_bits(x), magnitude = f64_magnitude(bits), sign = bits & F64_SIGN;
    int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent >= 52) {
        *whole = x;
        return f64_is_nan(bits) ? x : f64_value(sign);
    }
    f64 part = exponent < 0 ? magnitude : magnitude & ((F64_ONE >> exponent) - 1);
    *whole = f64_value(sign | (exponent < 0 ? 0 : magnitude - part));
    return exponent < 0 ? x : f64_value(f64_bits(x - *whole) | sign);
}

double nextafter(double x, double y)
{
    f64 a = f64_bits(x), b = f64_bits(y);
    if (f64_is_nan(a) || f64_is_nan(b))
        return f64_value(F64_NAN);
    if (x == y)
        return y;
    if (f64_magnitude(a) == 0)
        return f64_value((b & F64_SIGN) | 1);
    return f64_value((x < y) == !(a & F64_SIGN) ? a + 1 : a - 1);
}

/* The remainder of significands, eight bits of the quotient at a time; `*odd` is the lowest bit of the quotient. */
static f64 remainder_of_double(f64 x, f64 y, bool *odd)
{
    uint64_t m, n;
    int a = f64_unpack(x, &m), b = f64_unpack(y, &n);
    *odd = false;
    if (a < b)
        return x;
    uint64_t quotient = m / n;
    m -= quotient * n;
    while (a > b) {
        int step = a - b < 8 ? a - b : 8;
        m <<= step;
        quotient = m / n;
        m -= quotient * n;
        a -= step;
    }
    *odd = quotient & 1;
    if (m == 0)
        return 0;
    int shift = zeros64(m) - 1;
    return f64_pack(0, b + 10 - shift, m << shift);
}

double fmod(double x, double y)
{
    f64 a = f64_bits(x), b = f64_magnitude(f64_bits(y));
    bool odd;
    if (f64_magnitude(a) >= F64_INFINITY || b == 0 || b > F64_INFINITY)
        return f64_value(F64_NAN);
    if (b == F64_INFINITY || f64_magnitude(a) == 0)
        return x;
    return f64_value((a & F64_SIGN) | remainder_of_double(f64_magnitude(a), b, &odd));
}

/* x - n y, n being the integer nearest to x / y, and even if there are two. */
double remainder(double x, double y)
{
    f64 a = f64_bits(x), b = f64_magnitude(f64_bits(y)), sign = a & F64_SIGN;
    bool odd;
    if (f64_magnitude(a) >= F64_INFINITY || b == 0 || b > F64_INFINITY)
        return f64_value(F64_NAN);
    if (b == F64_INFINITY || f64_magnitude(a) == 0)
        return x;
    double rest = f64_value(remainder_of_double(f64_magnitude(a), b, &odd)), size = f64_value(b), other = size - rest;
    if (rest > other || (rest == other && odd))
        rest = -other;
    return f64_value(f64_bits(rest) ^ sign);
}

/* --- float --- */

float fabsf(float x)
{
    return f32_value(f32_magnitude(f32_bits(x)));
}

float copysignf(float x, float y)
{
    return f32_value(f32_magnitude(f32_bits(x)) | (f32_bits(y) & F32_SIGN));
}

float nanf(const char *tag)
{
    (void)tag;
    return f32_value(F32_NAN);
}

float fminf(float x, float y)
{
    if (f32_is_nan(f32_bits(x)))
        return y;
    return x > y ? y : x;
}

float fmaxf(float x, float y)
{
    if (f32_is_nan(f32_bits(x)))
        return y;
    return x < y ? y : x;
}

float fdimf(float x, float y)
{
    return x <= y ? 0 : x - y;
}

float frexpf(float x, int *exponent)
{
    f32 bits = f32_bits(x), magnitude = f32_magnitude(bits);
    *exponent = 0;
    if (magnitude == 0 || magnitude >= F32_INFINITY)
        return x;
    uint32_t m;
    *exponent = f32_unpack(magnitude, &m) - 126;
    return f32_value((bits & F32_SIGN) | (m - F32_ONE) | (f32)126 << 23);
}

float scalbnf(float x, int exponent)
{
    f32 bits = f32_bits(x), magnitude = f32_magnitude(bits);
    if (magnitude == 0 || magnitude >= F32_INFINITY)
        return x;
    uint32_t m;
    int sum = f32_unpack(magnitude, &m) + (exponent > 9999 ? 9999 : exponent < -9999 ? -9999 : exponent);
    return f32_value(f32_pack(bits & F32_SIGN, sum, m << 7));
}

float ldexpf(float x, int exponent)
{
    return scalbnf(x, exponent);
}

float scalblnf(float x, long exponent)
{
    return scalbnf(x, exponent > 9999 ? 9999 : exponent < -9999 ? -9999 : (int)exponent);
}

int ilogbf(float x)
{
    f32 magnitude = f32_magnitude(f32_bits(x));
    if (magnitude >= F32_INFINITY)
        return magnitude == F32_INFINITY ? INT_MAX : FP_ILOGBNAN;
    if (magnitude == 0)
        return FP_ILOGB0;
    uint32_t m;
    return f32_unpack(magnitude, &m) - 127;
}

float logbf(float x)
{
    f32 magnitude = f32_magnitude(f32_bits(x));
    if (magnitude >= F32_INFINITY)
        return f32_value(magnitude);
    return magnitude ? (float)ilogbf(x) : f32_value(F32_SIGN | F32_INFINITY);
}

float modff(float x, float *whole)
{
    f32 bits = f32_bits(x), magnitude = f32_magnitude(bits), sign = bits & F32_SIGN;
    int exponent = (int)(magnitude >> 23) - 127;
    if (exponent >= 23) {
        *whole = x;
        return f32_is_nan(bits) ? x : f32_value(sign);
    }
    f32 part = exponent < 0 ? magnitude : magnitude & ((F32_ONE >> exponent) - 1);
    *whole = f32_value(sign | (exponent < 0 ? 0 : magnitude - part));
    return exponent < 0 ? x : f32_value(f32_bits(x - *whole) | sign);
}

float nextafterf(float x, float y)
{
    f32 a = f32_bits(x), b = f32_bits(y);
    if (f32_is_nan(a) || f32_is_nan(b))
        return f32_value(F32_NAN);
    if (x == y)
        return y;
    if (f32_magnitude(a) == 0)
        return f32_value((b & F32_SIGN) | 1);
    return f32_value((x < y) == !(a & F32_SIGN) ? a + 1 : a - 1);
}

/* The remainder of significands, eight bits of the quotient at a time; `*odd` is the lowest bit of the quotient. */
static f32 remainder_of_float(f32 x, f32 y, bool *odd)
{
    uint32_t m, n;
    int a = f32_unpack(x, &m), b = f32_unpack(y, &n);
    *odd = false;
    if (a < b)
        return x;
    uint32_t quotient = m / n;
    m -= quotient * n;
    while (a > b) {
        int step = a - b < 8 ? a - b : 8;
        m <<= step;
        quotient = m / n;
        m -= quotient * n;
        a -= step;
    }
    *odd = quotient & 1;
    if (m == 0)
        return 0;
    int shift = zeros32(m) - 1;
    return f32_pack(0, b + 7 - shift, m << shift);
}

float fmodf(float x, float y)
{
    f32 a = f32_bits(x), b = f32_magnitude(f32_bits(y));
    bool odd;
    if (f32_magnitude(a) >= F32_INFINITY || b == 0 || b > F32_INFINITY)
        return f32_value(F32_NAN);
    if (b == F32_INFINITY || f32_magnitude(a) == 0)
        return x;
    return f32_value((a & F32_SIGN) | remainder_of_float(f32_magnitude(a), b, &odd));
}

/* x - n y, n being the integer nearest to x / y, and even if there are two. */
float remainderf(float x, float y)
{
    f32 a = f32_bits(x), b = f32_magnitude(f32_bits(y)), sign = a & F32_SIGN;
    bool odd;
    if (f32_magnitude(a) >= F32_INFINITY || b == 0 || b > F32_INFINITY)
        return f32_value(F32_NAN);
    if (b == F32_INFINITY || f32_magnitude(a) == 0)
        return x;
    float rest = f32_value(remainder_of_float(f32_magnitude(a), b, &odd)), size = f32_value(b), other = size - rest;
    if (rest > other || (rest == other && odd))
        rest = -other;
    return f32_value(f32_bits(rest) ^ sign);
}
