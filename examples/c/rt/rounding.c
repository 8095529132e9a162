/* To integers, still as floating-point numbers or as integers. */
#pragma GCC optimize("Os")
#include <math.h>
#include "soft.h"

/* Which way a number that is no integer goes. */
enum way { DOWN, UP, TO_ZERO, AWAY_FROM_HALF, TO_EVEN };

static f64 rounded64(f64 x, enum way way)
{
    f64 magnitude = f64_magnitude(x), sign = x & F64_SIGN;
    int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent >= 52)
        return f64_is_nan(x) ? F64_NAN : x;
    if (magnitude == 0)
        return x;
    bool up;
    if (exponent < 0) {
        f64 half = (f64)1022 << 52;
        up = way == DOWN ? sign != 0
            : way == UP ? sign == 0
            : way == AWAY_FROM_HALF ? magnitude >= half
                                    : way == TO_EVEN && magnitude > half;
        return sign | (up ? (f64)1023 << 52 : 0);
    }
    f64 unit = F64_ONE >> exponent, part = magnitude & (unit - 1), half = unit >> 1;
    if (part == 0)
        return x;
    up = way == DOWN ? sign != 0
        : way == UP ? sign == 0
        : way == AWAY_FROM_HALF ? part >= half
                                : way == TO_EVEN && (part > half || (part == half && magnitude & unit));
    /* A carry goes into the exponent, where it belongs. */
    return sign | (magnitude - part + (up ? unit : 0));
}

static f32 rounded32(f32 x, enum way way)
{
    f32 magnitude = f32_magnitude(x), sign = x & F32_SIGN;
    int exponent = (int)(magnitude >> 23) - 127;
    if (exponent >= 23)
        return f32_is_nan(x) ? F32_NAN : x;
    if (magnitude == 0)
        return x;
    bool up;
    if (exponent < 0) {
        f32 half = (f32)126 << 23;
        up = way == DOWN ? sign != 0
            : way == UP ? sign == 0
            : way == AWAY_FROM_HALF ? magnitude >= half
                                    : way == TO_EVEN && magnitude > half;
        return sign | (up ? (f32)127 << 23 : 0);
    }
    f32 unit = F32_ONE >> exponent, part = magnitude & (unit - 1), half = unit >> 1;
    if (part == 0)
        return x;
    up = way == DOWN ? sign != 0
        : way == UP ? sign == 0
        : way == AWAY_FROM_HALF ? part >= half
                                : way == TO_EVEN && (part > half || (part == half && magnitude & unit));
    /* A carry goes into the exponent, where it belongs. */
    return sign | (magnitude - part + (up ? unit : 0));
}

double ceil(double x)
{
    return f64_value(rounded64(f64_bits(x), UP));
}

float ceilf(float x)
{
    return f32_value(rounded32(f32_bits(x), UP));
}

double floor(double x)
{
    return f64_value(rounded64(f64_bits(x), DOWN));
}

float floorf(float x)
{
    return f32_value(rounded32(f32_bits(x), DOWN));
}

double trunc(double x)
{
    return f64_value(rounded64(f64_bits(x), TO_ZERO));
}

float truncf(float x)
{
    return f32_value(rounded32(f32_bits(x), TO_ZERO));
}

double round(double x)
{
    return f64_value(rounded64(f64_bits(x), AWAY_FROM_HALF));
}

float roundf(float x)
{
    return f32_value(rounded32(f32_bits(x), AWAY_FROM_HALF));
}

double rint(double x)
{
    return f64_value(rounded64(f64_bits(x), TO_EVEN));
}

float rintf(float x)
{
    return f32_value(rounded32(f32_bits(x), TO_EVEN));
}

double nearbyint(double x)
{
    return f64_value(rounded64(f64_bits(x), TO_EVEN));
}

float nearbyintf(float x)
{
    return f32_value(rounded32(f32_bits(x), TO_EVEN));
}

long lrint(double x)
{
    return (long)f64_value(rounded64(f64_bits(x), TO_EVEN));
}

long lrintf(float x)
{
    return (long)f32_value(rounded32(f32_bits(x), TO_EVEN));
}

long lround(double x)
{
    return (long)f64_value(rounded64(f64_bits(x), AWAY_FROM_HALF));
}

long lroundf(float x)
{
    return (long)f32_value(rounded32(f32_bits(x), AWAY_FROM_HALF));
}

long long llrint(double x)
{
    return (long long)f64_value(rounded64(f64_bits(x), TO_EVEN));
}

long long llrintf(float x)
{
    return (long long)f32_value(rounded32(f32_bits(x), TO_EVEN));
}

long long llround(double x)
{
    return (long long)f64_value(rounded64(f64_bits(x), AWAY_FROM_HALF));
}

long long llroundf(float x)
{
    return (long long)f32_value(rounded32(f32_bits(x), AWAY_FROM_HALF));
}
