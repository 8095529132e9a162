/* Powers of e and 2. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* 2^(i/32), 63 bits behind the point. */
static const uint64_t powers[32] = {
    0x8000000000000000, 0x82cd8698ac2ba1d7, 0x85aac367cc487b15, 0x88980e8092da8527,
    0x8b95c1e3ea8bd6e7, 0x8ea4398b45cd53c0, 0x91c3d373ab11c336, 0x94f4efa8fef70961,
    0x9837f0518db8a96f, 0x9b8d39b9d54e5539, 0x9ef5326091a111ae, 0xa27043030c496819,
    0xa5fed6a9b15138ea, 0xa9a15ab4ea7c0ef8, 0xad583eea42a14ac6, 0xb123f581d2ac2590,
    0xb504f333f9de6484, 0xb8fbaf4762fb9ee9, 0xbd08a39f580c36bf, 0xc12c4cca66709456,
    0xc5672a115506dadd, 0xc9b9bd866e2f27a3, 0xce248c151f8480e4, 0xd2a81d91f12ae45a,
    0xd744fccad69d6af4, 0xdbfbb797daf23755, 0xe0ccdeec2a94e111, 0xe5b906e77c8348a8,
    0xeac0c6e7dd24392f, 0xefe4b99bdcdaf5cb, 0xf5257d152486cc2c, 0xfa83b2db722a033a,
};

/* 1/2!, 1/3! ... */
static const uint64_t factorials[] = {
    0x8000000000000000, 0x2aaaaaaaaaaaaaab, 0x0aaaaaaaaaaaaaab, 0x0222222222222222,
    0x005b05b05b05b05b, 0x000d00d00d00d00d, 0x0001a01a01a01a02, 0x00002e3bc74aad8e,
    0x0000049f93edde28,
};

enum { TERMS = sizeof factorials / sizeof *factorials };

static const uint64_t LN2 = 0xb17217f7d1cf79ac;
/* log2(e), 127 bits behind the point. */
static const uint64_t LOG2_E = 0xb8aa3b295c17f0bb, LOG2_E_LOW = 0xbe87fed0691d3e88;

struct extended __power_of_two(int whole, uint64_t fraction)
{
    uint64_t power = powers[fraction >> 59];
    /* t < ln(2) / 32; e^t = 1 + t + t^2/2! + ... */
    uint64_t t = multiply_high(fraction & (((uint64_t)1 << 59) - 1), LN2);
    uint64_t sum = factorials[TERMS - 1];
    for (int i = TERMS - 2; i >= 0; i--)
        sum = factorials[i] + multiply_high(sum, t);
    sum = t + multiply_high(t, multiply_high(t, sum));
    return (struct extended){false, whole, power + multiply_high(power, sum)};
}

/* 2^(x * factor), x below 2^11; factor has 127 bits behind the point in two words. */
static struct extended power(f64 x, uint64_t factor, uint64_t low)
{
    struct extended e = extended_of(x);
    struct wide product = multiply64(e.m, factor);
    uint64_t sum = product.low + multiply_high(e.m, low);
    product.high += sum < product.low;
    product.low = sum;
    /* It has 126 - exponent bits behind the point; wanted are 64. */
    int shift = 62 - e.exponent;
    uint64_t whole = 0, fraction = 0;
    if (shift < 64) {
        whole = product.high >> shift;
        fraction = product.high << (64 - shift) | product.low >> shift;
    } else if (shift == 64) {
        fraction = product.high;
    } else if (shift < 128) {
        fraction = product.high >> (shift - 64);
    }
    if (!e.negative)
        return __power_of_two((int)whole, fraction);
    return __power_of_two(-(int)whole - (fraction != 0), -fraction);
}

/* The cases without a result between 0 and infinity; x is not NaN. */
static bool beyond(f64 x)
{
    return f64_magnitude(x) >= F64(1100.0);
}

static f64 limit(f64 x)
{
    if (f64_is_nan(x))
        return F64_NAN;
    return x & F64_SIGN ? 0 : F64_INFINITY;
}

f64 __exp(f64 x)
{
    return beyond(x) ? limit(x) : f64_of(power(x, LOG2_E, LOG2_E_LOW));
}

static f64 exp2_bits(f64 x)
{
    return beyond(x) ? limit(x) : f64_of(power(x, (uint64_t)1 << 63, 0));
}

/* x (1 + x/2! + x^2/3! + ...) for small x, of which 62 bits are behind the point. */
f64 __expm1(f64 x)
{
    enum { SMALL_TERMS = 18 };
    f64 magnitude = f64_magnitude(x);
    if (beyond(x))
        return x & F64_SIGN && !f64_is_nan(x) ? F64(-1.0) : limit(x);
    if (magnitude < F64(1e-18))
        return x;
    struct extended e = extended_of(x);
    if (magnitude > F64(0.3))
        return f64_of(add_extended(power(x, LOG2_E, LOG2_E_LOW), (struct extended){true, 0, (uint64_t)1 << 63}));
    uint64_t t = fraction_of(e);
    /* From the end: sum = 1 +- t sum / n. */
    uint64_t one = (uint64_t)1 << 62, sum = one;
    for (uint32_t n = SMALL_TERMS; n >= 2; n--) {
        uint64_t term = multiply_high(sum, t) / n;
        sum = e.negative ? one - term : one + term;
    }
    struct extended factor = normalized(false, 1, sum);
    return f64_of(multiply_extended(e, factor));
}

double exp(double x)
{
    return f64_value(__exp(f64_bits(x)));
}

double exp2(double x)
{
    return f64_value(exp2_bits(f64_bits(x)));
}

double expm1(double x)
{
    return f64_value(__expm1(f64_bits(x)));
}

float expf(float x)
{
    return as_float(__exp, x);
}

float exp2f(float x)
{
    return as_float(exp2_bits, x);
}

float expm1f(float x)
{
    return as_float(__expm1, x);
}
