/* Hyperbolic functions and their inverses. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

static f64 sinh_bits(f64 x)
{
    f64 a = f64_magnitude(x), half = F64(0.5), result;
    if (a >= F64_INFINITY || a < F64(1e-9))
        return f64_is_nan(x) ? F64_NAN : x;
    if (a > F64(40.0)) {
        f64 root = __exp(__muldf3(a, half));
        result = __muldf3(__muldf3(root, half), root);
    } else {
        f64 e = __expm1(a);
        result = __muldf3(half, __adddf3(e, __divdf3(e, __adddf3(e, F64(1.0)))));
    }
    return (x & F64_SIGN) | result;
}

static f64 cosh_bits(f64 x)
{
    f64 a = f64_magnitude(x), half = F64(0.5);
    if (f64_is_nan(x))
        return F64_NAN;
    if (a > F64(40.0)) {
        f64 root = __exp(__muldf3(a, half));
        return __muldf3(__muldf3(root, half), root);
    }
    f64 e = __exp(a);
    return __muldf3(half, __adddf3(e, __divdf3(F64(1.0), e)));
}

static f64 tanh_bits(f64 x)
{
    f64 a = f64_magnitude(x);
    if (f64_is_nan(x))
        return F64_NAN;
    if (a < F64(1e-9))
        return x;
    if (a > F64(22.0))
        return (x & F64_SIGN) | F64(1.0);
    f64 e = __expm1(__muldf3(F64(2.0), a));
    return (x & F64_SIGN) | __divdf3(e, __adddf3(e, F64(2.0)));
}

/* log(a + sqrt(a^2 + 1)) */
static f64 asinh_bits(f64 x)
{
    f64 a = f64_magnitude(x), one = F64(1.0), result;
    if (a >= F64_INFINITY || a < F64(1e-9))
        return f64_is_nan(x) ? F64_NAN : x;
    if (a > F64(1e9)) {
        result = __adddf3(__log(a), F64(M_LN2));
    } else {
        f64 square = __muldf3(a, a);
        f64 rest = __divdf3(square, __adddf3(one, __sqrt(__adddf3(one, square))));
        result = __log1p(__adddf3(a, rest));
    }
    return (x & F64_SIGN) | result;
}

static f64 acosh_bits(f64 x)
{
    f64 one = F64(1.0);
    if (f64_is_nan(x) || x & F64_SIGN || x < one)
        return F64_NAN;
    if (x > F64(1e9))
        return x == F64_INFINITY ? x : __adddf3(__log(x), F64(M_LN2));
    f64 t = __subdf3(x, one);
    return __log1p(__adddf3(t, __sqrt(__adddf3(__muldf3(F64(2.0), t), __muldf3(t, t)))));
}

static f64 atanh_bits(f64 x)
{
    f64 a = f64_magnitude(x), one = F64(1.0);
    if (a > one)
        return F64_NAN;
    if (a == one)
        return x ^ one ^ F64_INFINITY;
    if (a < F64(1e-9))
        return x;
    f64 double_a = __adddf3(a, a);
    return (x & F64_SIGN) | __muldf3(F64(0.5), __log1p(__divdf3(double_a, __subdf3(one, a))));
}

double sinh(double x)
{
    return f64_value(sinh_bits(f64_bits(x)));
}

float sinhf(float x)
{
    return as_float(sinh_bits, x);
}

double cosh(double x)
{
    return f64_value(cosh_bits(f64_bits(x)));
}

float coshf(float x)
{
    return as_float(cosh_bits, x);
}

double tanh(double x)
{
    return f64_value(tanh_bits(f64_bits(x)));
}

float tanhf(float x)
{
    return as_float(tanh_bits, x);
}

double asinh(double x)
{
    return f64_value(asinh_bits(f64_bits(x)));
}

float asinhf(float x)
{
    return as_float(asinh_bits, x);
}

double acosh(double x)
{
    return f64_value(acosh_bits(f64_bits(x)));
}

float acoshf(float x)
{
    return as_float(acosh_bits, x);
}

double atanh(double x)
{
    return f64_value(atanh_bits(f64_bits(x)));
}

float atanhf(float x)
{
    return as_float(atanh_bits, x);
}
