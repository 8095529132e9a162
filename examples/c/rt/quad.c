/* long double: GCC gives it 128 bits here, IEEE 754's binary128. Seldom used, so short rather than fast. */
#pragma GCC optimize("Os")
#include "soft.h"

#ifdef __riscv
typedef long double quad;
#else
typedef __float128 quad; /* what a host's GCC calls it */
#endif

enum { BIAS = 16383, MOST = 32767, GUARD = 3 };

/* Neither infinite nor NaN: m * 2^(exponent - BIAS - 112 - GUARD), the leading bit of m at 112 + GUARD; or m is 0. */
struct parts {
    bool negative;
    int exponent;
    struct wide m;
};

union bits {
    quad value;
    struct {
        uint64_t low, high;
    };
};

static const uint64_t SIGN = (uint64_t)1 << 63, INFINITE = (uint64_t)MOST << 48;

static union bits bits_of(quad x)
{
    return (union bits){.value = x};
}

static quad quad_of(uint64_t high, uint64_t low)
{
    union bits b = {.low = low};
    b.high = high;
    return b.value;
}

static quad not_a_number(void)
{
    return quad_of(INFINITE | (uint64_t)1 << 47, 0);
}

static bool is_nan(quad x)
{
    union bits b = bits_of(x);
    uint64_t magnitude = b.high & ~SIGN;
    return magnitude > INFINITE || (magnitude == INFINITE && b.low);
}

static bool is_infinite(quad x)
{
    union bits b = bits_of(x);
    return (b.high & ~SIGN) == INFINITE && !b.low;
}

static bool is_zero(quad x)
{
    union bits b = bits_of(x);
    return !(b.high & ~SIGN) && !b.low;
}

static bool is_negative(quad x)
{
    return bits_of(x).high >> 63;
}

static struct wide left(struct wide w, int n)
{
    if (n >= 64)
        return (struct wide){w.low << (n - 64), 0};
    return n ? (struct wide){w.high << n | w.low >> (64 - n), w.low << n} : w;
}

/* The lowest bit is set if any bit was lost. */
static struct wide right(struct wide w, int n)
{
    if (n >= 128)
        return (struct wide){0, (w.high | w.low) != 0};
    if (n >= 64)
        return (struct wide){0, shift_sticky64(w.high, n - 64) | (w.low != 0)};
    return n ? (struct wide){w.high >> n, w.high << (64 - n) | w.low >> n | (w.low << (64 - n) != 0)} : w;
}

static struct wide sum(struct wide a, struct wide b)
{
    uint64_t low = a.low + b.low;
    return (struct wide){a.high + b.high + (low < a.low), low};
}

static struct wide difference(struct wide a, struct wide b)
{
    return (struct wide){a.high - b.high - (a.low < b.low), a.low - b.low};
}

static bool less(struct wide a, struct wide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* The leading bit to 112 + GUARD; m is not 0. */
static struct parts normalized(struct parts p)
{
    int zeros = p.m.high ? zeros64(p.m.high) : 64 + zeros64(p.m.low), shift = zeros - (127 - 112 - GUARD);
    p.m = shift < 0 ? right(p.m, -shift) : left(p.m, shift);
    p.exponent -= shift;
    return p;
}

static struct parts unpack(quad x)
{
    union bits b = bits_of(x);
    struct parts p = {is_negative(x), (int)(b.high >> 48 & MOST), {b.high & (((uint64_t)1 << 48) - 1), b.low}};
    if (is_zero(x))
        return p;
    if (p.exponent)
        p.m.high |= (uint64_t)1 << 48;
    else
        p.exponent = 1;
    p.m = left(p.m, GUARD);
    return normalized(p);
}

static quad pack(struct parts p)
{
    uint64_t sign = p.negative ? SIGN : 0;
    if (!p.m.high && !p.m.low)
        return quad_of(sign, 0);
    p = normalized(p);
    if (p.exponent >= MOST)
        return quad_of(sign | INFINITE, 0);
    if (p.exponent <= 0) {
        p.m = right(p.m, 1 - p.exponent);
        p.exponent = 1;
    }
    uint64_t half = ((uint64_t)1 << (GUARD - 1)) - 1 + (p.m.low >> GUARD & 1);
    p.m = sum(p.m, (struct wide){0, half});
    p.m = (struct wide){p.m.high >> GUARD, p.m.high << (64 - GUARD) | p.m.low >> GUARD};
    /* The leading bit adds 1 to the exponent. */
    return quad_of(sign | (((uint64_t)(uint32_t)(p.exponent - 1) << 48) + p.m.high), p.m.low);
}

/* --- Arithmetic --- */

quad __negtf2(quad a)
{
    union bits b = bits_of(a);
    return quad_of(b.high ^ SIGN, b.low);
}

quad __addtf3(quad a, quad b)
{
    if (is_nan(a) || is_nan(b) || (is_infinite(a) && is_infinite(b) && is_negative(a) != is_negative(b)))
        return not_a_number();
    if (is_infinite(a) || is_infinite(b))
        return is_infinite(a) ? a : b;
    struct parts p = unpack(a), q = unpack(b);
    if (is_zero(a) || is_zero(b)) {
        if (is_zero(a) && is_zero(b))
            return quad_of(p.negative && q.negative ? SIGN : 0, 0);
        return is_zero(a) ? b : a;
    }
    if (p.exponent < q.exponent || (p.exponent == q.exponent && less(p.m, q.m))) {
        struct parts t = p;
        p = q;
        q = t;
    }
    q.m = right(q.m, p.exponent - q.exponent);
    p.m = p.negative == q.negative ? sum(p.m, q.m) : difference(p.m, q.m);
    if (!p.m.high && !p.m.low)
        p.negative = false;
    return pack(p);
}

quad __subtf3(quad a, quad b)
{
    return __addtf3(a, __negtf2(b));
}

quad __multf3(quad a, quad b)
{
    bool negative = is_negative(a) != is_negative(b);
    if (is_nan(a) || is_nan(b) || (is_infinite(a) && is_zero(b)) || (is_zero(a) && is_infinite(b)))
        return not_a_number();
    if (is_infinite(a) || is_infinite(b))
        return quad_of((negative ? SIGN : 0) | INFINITE, 0);
    struct parts p = unpack(a), q = unpack(b);
    /* Leading bits to 126; the product's high half is product / 2^128, and no sum of two middle parts exceeds 128 bits. */
    enum { UP = 126 - 112 - GUARD };
    p.m = left(p.m, UP);
    q.m = left(q.m, UP);
    struct wide low = multiply64(p.m.low, q.m.low), high = multiply64(p.m.high, q.m.high);
    struct wide middle = sum(multiply64(p.m.high, q.m.low), multiply64(p.m.low, q.m.high));
    middle = sum(middle, (struct wide){0, low.high});
    high = sum(high, (struct wide){0, middle.high});
    high.low |= (middle.low | low.low) != 0;
    return pack((struct parts){negative, p.exponent + q.exponent - BIAS + 128 - 2 * UP - 112 - GUARD, high});
}

/* A bit at a time. */
quad __divtf3(quad a, quad b)
{
    bool negative = is_negative(a) != is_negative(b);
    uint64_t sign = negative ? SIGN : 0;
    if (is_nan(a) || is_nan(b) || (is_infinite(a) && is_infinite(b)) || (is_zero(a) && is_zero(b)))
        return not_a_number();
    if (is_infinite(a) || is_zero(b))
        return quad_of(sign | INFINITE, 0);
    if (is_infinite(b) || is_zero(a))
        return quad_of(sign, 0);
    struct parts p = unpack(a), q = unpack(b);
    struct wide quotient = {0, 0};
    for (int i = 0; i < 112 + GUARD + 2; i++) {
        quotient = left(quotient, 1);
        if (!less(p.m, q.m)) {
            p.m = difference(p.m, q.m);
            quotient.low |= 1;
        }
        p.m = left(p.m, 1);
    }
    quotient.low |= (p.m.high | p.m.low) != 0;
    return pack((struct parts){negative, p.exponent - q.exponent + BIAS - 1, quotient});
}

/* --- Comparison --- */

static int compare(quad a, quad b, int unordered)
{
    if (is_nan(a) || is_nan(b))
        return unordered;
    if (is_zero(a) && is_zero(b))
        return 0;
    if (is_negative(a) != is_negative(b))
        return is_negative(a) ? -1 : 1;
    union bits x = bits_of(a), y = bits_of(b);
    if (x.high == y.high && x.low == y.low)
        return 0;
    return less((struct wide){x.high, x.low}, (struct wide){y.high, y.low}) != is_negative(a) ? -1 : 1;
}

int __eqtf2(quad a, quad b)
{
    return compare(a, b, 1);
}

int __netf2(quad a, quad b)
{
    return compare(a, b, 1);
}

int __lttf2(quad a, quad b)
{
    return compare(a, b, 1);
}

int __letf2(quad a, quad b)
{
    return compare(a, b, 1);
}

int __gttf2(quad a, quad b)
{
    return compare(a, b, -1);
}

int __getf2(quad a, quad b)
{
    return compare(a, b, -1);
}

int __unordtf2(quad a, quad b)
{
    return is_nan(a) || is_nan(b);
}

/* --- Conversion --- */

quad __extenddftf2(f64 a)
{
    f64 magnitude = f64_magnitude(a);
    if (magnitude > F64_INFINITY)
        return not_a_number();
    if (magnitude == F64_INFINITY)
        return quad_of((a & F64_SIGN) | INFINITE, 0);
    struct parts p = {a != magnitude, 0, {0, 0}};
    if (magnitude) {
        p.exponent = f64_unpack(magnitude, &p.m.low) - 1023 + BIAS;
        p.m = left(p.m, 112 + GUARD - 52);
    }
    return pack(p);
}

f64 __trunctfdf2(quad a)
{
    f64 sign = is_negative(a) ? F64_SIGN : 0;
    if (is_nan(a))
        return F64_NAN;
    if (is_infinite(a))
        return sign | F64_INFINITY;
    struct parts p = unpack(a);
    if (is_zero(a))
        return sign;
    p.m = right(p.m, 112 + GUARD - 62);
    return f64_pack(sign, p.exponent - BIAS + 1023, p.m.low);
}

quad __extendsftf2(f32 a)
{
    f32 magnitude = f32_magnitude(a);
    if (magnitude > F32_INFINITY)
        return not_a_number();
    uint64_t sign = (uint64_t)(a & F32_SIGN) << 32;
    if (magnitude == F32_INFINITY)
        return quad_of(sign | INFINITE, 0);
    struct parts p = {sign != 0, 0, {0, 0}};
    if (magnitude) {
        uint32_t m;
        p.exponent = f32_unpack(magnitude, &m) - 127 + BIAS;
        p.m = left((struct wide){0, m}, 112 + GUARD - 23);
    }
    return pack(p);
}

f32 __trunctfsf2(quad a)
{
    f32 sign = is_negative(a) ? F32_SIGN : 0;
    if (is_nan(a))
        return F32_NAN;
    if (is_infinite(a))
        return sign | F32_INFINITY;
    struct parts p = unpack(a);
    if (is_zero(a))
        return sign;
    p.m = right(p.m, 112 + GUARD - 30);
    return f32_pack(sign, p.exponent - BIAS + 127, (uint32_t)p.m.low);
}

static quad from_integer(bool negative, uint64_t n)
{
    return pack((struct parts){negative, BIAS + 112 + GUARD, {0, n}});
}

quad __floatsitf(int32_t n)
{
    return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

quad __floatunsitf(uint32_t n)
{
    return from_integer(false, n);
}

quad __floatditf(int64_t n)
{
    return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

quad __floatunditf(uint64_t n)
{
    return from_integer(false, n);
}

/* The magnitude without its fraction, at most `most`, which a NaN becomes, too. */
static uint64_t whole(quad a, uint64_t most)
{
    if (is_nan(a) || is_infinite(a))
        return most;
    struct parts p = unpack(a);
    int exponent = p.exponent - BIAS;
    if (is_zero(a) || exponent < 0)
        return 0;
    if (exponent > 63)
        return most;
    uint64_t n = right(p.m, 112 + GUARD - 63).low & ~(uint64_t)1;
    n |= left(p.m, 127 - 112 - GUARD).high & 1;
    n >>= 63 - exponent;
    return n < most ? n : most;
}

static int64_t to_signed(quad a, uint64_t most)
{
    bool negative = is_negative(a) && !is_nan(a);
    uint64_t n = whole(a, most + negative);
    return (int64_t)(negative ? -n : n);
}

int32_t __fixtfsi(quad a)
{
    return (int32_t)to_signed(a, INT32_MAX);
}

int64_t __fixtfdi(quad a)
{
    return to_signed(a, INT64_MAX);
}

uint32_t __fixunstfsi(quad a)
{
    return is_negative(a) && !is_nan(a) ? 0 : (uint32_t)whole(a, UINT32_MAX);
}

uint64_t __fixunstfdi(quad a)
{
    return is_negative(a) && !is_nan(a) ? 0 : whole(a, UINT64_MAX);
}
