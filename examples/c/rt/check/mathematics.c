/* The functions of math.h against the host's in long double, whose errors do not show here: how far off they are at most, in
 * units of the last place. What is exact by definition must be equal. */
#define _GNU_SOURCE
#include "check.h"

#define ONE(name) \
    double rt_##name(double); \
    float rt_##name##f(float);
#define TWO(name) \
    double rt_##name(double, double); \
    float rt_##name##f(float, float);

ONE(exp) ONE(exp2) ONE(expm1) ONE(log) ONE(log2) ONE(log10) ONE(log1p) ONE(sin) ONE(cos) ONE(tan) ONE(atan) ONE(asin)
ONE(acos) ONE(sinh) ONE(cosh) ONE(tanh) ONE(asinh) ONE(acosh) ONE(atanh) ONE(sqrt) ONE(cbrt) ONE(floor) ONE(ceil)
ONE(trunc) ONE(round) ONE(rint) ONE(logb)
TWO(pow) TWO(atan2) TWO(hypot) TWO(fmod) TWO(remainder) TWO(nextafter) TWO(fdim)
double rt_fma(double, double, double), rt_frexp(double, int *), rt_modf(double, double *), rt_scalbn(double, int);
float rt_fmaf(float, float, float), rt_modff(float, float *), rt_scalbnf(float, int);
int rt_ilogb(double);
long rt_lround(double), rt_lrint(double);

static const double edges[] = {0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, INFINITY, -INFINITY, NAN, 5e-324, -5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1e-300, 1e300, 3, -3, 0.25, 1e-10, -1e-10,
    1e-20, 709.78, -745.2, 710.5, -746, 1023.9999, 1024, -1074, -1075, -1076, 0x1p53, 0x1p52, 0x1.fffffffffffffp51, 1.5,
    2.5, -1.5, -2.5, M_PI, M_PI_2, M_PI_4, 1e22, 0.9999999999999999, 1.0000000000000002, 0.3, 4503599627370497.5};

enum { EDGES = sizeof edges / sizeof *edges };

static long cases;

static double uniform(double low, double high)
{
    return low + (high - low) * (double)(any() >> 11) * 0x1p-53;
}

static double error(double got, long double wanted)
{
    double rounded = (double)wanted;
    if (isnan(got) || isnan(rounded))
        return isnan(got) && isnan(rounded) ? 0 : 1e9;
    if (isinf(got) || isinf(rounded))
        return got == rounded ? 0 : isinf(got) && fabsl(wanted) >= 1.797e308L ? 0.5 : 1e9;
    if (got == 0 && rounded == 0)
        return signbit(got) != signbit(rounded) ? 1e9 : 0;
    int exponent;
    frexpl(wanted, &exponent);
    if (exponent < -1021)
        exponent = -1021;
    return (double)fabsl(((long double)got - wanted) / ldexpl(1, exponent - 53));
}

static void result(const char *name, double worst, double limit, double x, double y)
{
    done++;
    if (worst <= limit)
        return;
    different++;
    printf("%s: %.3g units at %a %a, allowed are %.3g\n", name, worst, x, y, limit);
}

/* Where operands come from: an interval; magnitudes between powers of two, of both signs; any bits. */
enum from { BETWEEN, MAGNITUDE, BITS };

static double operand(enum from from, double low, double high)
{
    if (from == BETWEEN)
        return uniform(low, high);
    if (from == BITS)
        return double_of(any());
    return exp2(uniform(low, high)) * (any() & 1 ? 1 : -1);
}

static void one(const char *name, double ours(double), long double theirs(long double), double limit, enum from from,
    double low, double high)
{
    double worst = 0, at = 0;
    for (long i = 0; i < EDGES + cases; i++) {
        double x = i < EDGES ? edges[i] : operand(from, low, high), e = error(ours(x), theirs(x));
        if (e > worst) {
            worst = e;
            at = x;
        }
    }
    result(name, worst, limit, at, 0);
}

static void two(const char *name, double ours(double, double), long double theirs(long double, long double), double limit,
    enum from from, double low, double high)
{
    double worst = 0, at = 0, with = 0;
    for (long i = 0; i < EDGES * EDGES + cases; i++) {
        double x = i < EDGES * EDGES ? edges[i / EDGES] : operand(from, low, high);
        double y = i < EDGES * EDGES ? edges[i % EDGES] : operand(from, low, high);
        double e = error(ours(x, y), theirs(x, y));
        if (e > worst) {
            worst = e;
            at = x;
            with = y;
        }
    }
    result(name, worst, limit, at, with);
}

/* Rounded to double, which is right: 64 bits suffice to round a root twice. */
static long double root(long double x)
{
    return sqrt((double)x);
}

#define CHECK(name, ...) one(#name, rt_##name, name##l, __VA_ARGS__)
#define CHECK2(name, ...) two(#name, rt_##name, name##l, __VA_ARGS__)

static void same(const char *name, double x, double got, double wanted)
{
    expect(name, bits_of(x), 0, bits_of(got), bits_of(wanted));
}

static void same_single(const char *name, float x, float got, float wanted)
{
    expect(name, float_bits(x), 0, float_bits(got), float_bits(wanted));
}

static void exact(void)
{
    double x = any() % 3 ? uniform(-4, 4) * exp2(uniform(-60, 60)) : double_of(any());
    double y = any() % 5 ? uniform(-4, 4) : double_of(any());
    double z = any() % 2 ? -x * y + uniform(-1, 1) * exp2(uniform(-120, 60)) : double_of(any());
    float a = float_of((u32)any()), b = float_of((u32)any());
    float c = any() % 2 ? -a * b + float_of((u32)any() & 0xbfffffff) : float_of((u32)any());
    int n = (int)(any() % 4200) - 2100, e, f;
    double whole, our_whole;
    float part, our_part;
    same("fma", x, rt_fma(x, y, z), fma(x, y, z));
    same_single("fmaf", a, rt_fmaf(a, b, c), fmaf(a, b, c));
    same("frexp", x, rt_frexp(x, &e), frexp(x, &f));
    if (isfinite(x)) {
        expect("frexp's exponent", bits_of(x), 0, (u64)e, (u64)f);
        expect("ilogb", bits_of(x), 0, (u64)rt_ilogb(x), (u64)ilogb(x));
    }
    same("modf", x, rt_modf(x, &our_whole), modf(x, &whole));
    same("modf's integer", x, our_whole, whole);
    same("scalbn", x, rt_scalbn(x, n), scalbn(x, n));
    same("nextafter", x, rt_nextafter(x, z), nextafter(x, z));
    same("logb", x, rt_logb(x), logb(x));
    if (fabs(y) < 1e15) {
        expect("lround", bits_of(y), 0, (u64)rt_lround(y), (u64)lround(y));
        expect("lrint", bits_of(y), 0, (u64)rt_lrint(y), (u64)lrint(y));
    }
    same_single("sqrtf", a, rt_sqrtf(a), sqrtf(a));
    same_single("floorf", a, rt_floorf(a), floorf(a));
    same_single("ceilf", a, rt_ceilf(a), ceilf(a));
    same_single("rintf", a, rt_rintf(a), rintf(a));
    same_single("roundf", a, rt_roundf(a), roundf(a));
    same_single("modff", a, rt_modff(a, &our_part), modff(a, &part));
    same_single("modff's integer", a, our_part, part);
    same_single("scalbnf", a, rt_scalbnf(a, n / 8), scalbnf(a, n / 8));
    same_single("fmodf", a, rt_fmodf(a, b), fmodf(a, b));
    same_single("remainderf", a, rt_remainderf(a, b), remainderf(a, b));
}

int main(int count, char **arguments)
{
    cases = count > 1 ? atol(arguments[1]) : 100000;
    CHECK(exp, .51, BETWEEN, -745, 710);
    CHECK(exp, .51, MAGNITUDE, -60, 5);
    CHECK(exp2, .51, BETWEEN, -1080, 1030);
    CHECK(expm1, .52, BETWEEN, -40, 700);
    CHECK(expm1, .52, MAGNITUDE, -60, 3);
    CHECK(log, .51, BETWEEN, 0.9, 1.1);
    CHECK(log, .51, BITS, 0, 0);
    CHECK(log2, .51, BETWEEN, 0, 10);
    CHECK(log10, .51, BITS, 0, 0);
    CHECK(log1p, 1.2, BETWEEN, -1, 3);
    CHECK(log1p, 1.2, MAGNITUDE, -60, 10);
    CHECK(sin, .51, BETWEEN, -10, 10);
    CHECK(sin, .51, BITS, 0, 0);
    CHECK(cos, .51, MAGNITUDE, -60, 60);
    CHECK(cos, .51, BITS, 0, 0);
    CHECK(tan, .52, BETWEEN, -10, 10);
    CHECK(tan, .52, BITS, 0, 0);
    CHECK(atan, .51, MAGNITUDE, -60, 60);
    CHECK(asin, 2, BETWEEN, -1, 1);
    CHECK(asin, 2, MAGNITUDE, -60, 0);
    CHECK(acos, 2.5, BETWEEN, -1, 1);
    CHECK(sinh, 2.5, MAGNITUDE, -60, 9.5);
    CHECK(cosh, 2.5, BETWEEN, -700, 700);
    CHECK(tanh, 2.5, MAGNITUDE, -60, 4);
    CHECK(asinh, 3, MAGNITUDE, -60, 1000);
    CHECK(acosh, 3, BETWEEN, 1, 30);
    CHECK(atanh, 3, MAGNITUDE, -60, 0);
    CHECK(cbrt, .51, BITS, 0, 0);
    one("sqrt", rt_sqrt, root, 0, BITS, 0, 0);
    one("sqrt", rt_sqrt, root, 0, BETWEEN, 0, 4);
    CHECK(floor, 0, MAGNITUDE, -60, 60);
    CHECK(ceil, 0, MAGNITUDE, -60, 60);
    CHECK(trunc, 0, MAGNITUDE, -60, 60);
    CHECK(round, 0, BETWEEN, -5, 5);
    CHECK(rint, 0, MAGNITUDE, -60, 60);
    CHECK2(pow, .51, BETWEEN, 0, 20);
    CHECK2(pow, .52, MAGNITUDE, -60, 60);
    CHECK2(pow, .52, BITS, 0, 0);
    CHECK2(atan2, .51, MAGNITUDE, -60, 60);
    CHECK2(atan2, .51, BITS, 0, 0);
    CHECK2(hypot, .51, MAGNITUDE, -60, 60);
    CHECK2(hypot, .51, BITS, 0, 0);
    CHECK2(fmod, 0, MAGNITUDE, -60, 60);
    CHECK2(fmod, 0, BITS, 0, 0);
    CHECK2(remainder, 0, MAGNITUDE, -60, 60);
    CHECK2(fdim, .5, BITS, 0, 0);
    for (long i = 0; i < cases; i++)
        exact();
    return verdict("mathematics");
}
