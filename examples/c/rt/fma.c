/* x y + z, rounded once. */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* A number of 128 bits shifted right; its lowest bit is set if any bit was lost. */
static struct wide shifted(struct wide w, int n)
{
    if (n == 0)
        return w;
    if (n >= 128)
        return (struct wide){0, (w.high | w.low) != 0};
    if (n >= 64)
        return (struct wide){0, shift_sticky64(w.high, n - 64) | (w.low != 0)};
    return (struct wide){w.high >> n, w.high << (64 - n) | w.low >> n | (w.low << (64 - n) != 0)};
}

static f64 fma_bits(f64 x, f64 y, f64 z)
{
    f64 a = f64_magnitude(x), b = f64_magnitude(y), c = f64_magnitude(z), sign = (x ^ y) & F64_SIGN;
    /* Without two numbers to multiply, or one to add, one rounding is all there is. */
    if (a >= F64_INFINITY || b >= F64_INFINITY || a == 0 || b == 0)
        return __adddf3(__muldf3(x, y), z);
    if (c >= F64_INFINITY)
        return f64_is_nan(z) ? F64_NAN : z;
    uint64_t m, n;
    int exponent = f64_unpack(a, &m) + f64_unpack(b, &n) - 1023;
    /* Leading bits at 124 or 125; that of the addend at 124. */
    struct wide product = multiply64(m << 10, n << 10), addend = {0, 0};
    if (c) {
        uint64_t s;
        int other = f64_unpack(c, &s);
        addend.high = s << 8;
        if (exponent >= other) {
            addend = shifted(addend, exponent - other);
        } else {
            product = shifted(product, other - exponent);
            exponent = other;
        }
    }
    if (((z ^ sign) & F64_SIGN) == 0) {
        product.low += addend.low;
        product.high += addend.high + (product.low < addend.low);
    } else {
        bool less = product.high < addend.high || (product.high == addend.high && product.low < addend.low);
        struct wide p = less ? addend : product, q = less ? product : addend;
        product.low = p.low - q.low;
        product.high = p.high - q.high - (p.low < q.low);
        if (less)
            sign ^= F64_SIGN;
    }
    if (!product.high && !product.low)
        return c ? 0 : sign;
    /* The leading bit to 62 of the high half. */
    int shift = (product.high ? zeros64(product.high) : 64 + zeros64(product.low)) - 1;
    if (shift >= 64) {
        product.high = product.low << (shift - 64);
        product.low = 0;
    } else if (shift > 0) {
        product.high = product.high << shift | product.low >> (64 - shift);
        product.low <<= shift;
    } else if (shift < 0) {
        product = shifted(product, 1);
    }
    return f64_pack(sign, exponent + 2 - shift, product.high | (product.low != 0));
}

double fma(double x, double y, double z)
{
    return f64_value(fma_bits(f64_bits(x), f64_bits(y), f64_bits(z)));
}

/* The product of two floats is a double; the sum's rounding to odd makes a second one harmless. */
float fmaf(float x, float y, float z)
{
    f64 product = __muldf3(__extendsfdf2(f32_bits(x)), __extendsfdf2(f32_bits(y))), addend = __extendsfdf2(f32_bits(z));
    f64 sum = __adddf3(product, addend), lost;
    if (f64_magnitude(sum) >= F64_INFINITY || f64_magnitude(sum) == 0)
        return f32_value(__truncdfsf2(sum));
    f64 a = f64_magnitude(product) >= f64_magnitude(addend) ? product : addend, b = a == product ? addend : product;
    lost = __subdf3(b, __subdf3(sum, a));
    if (f64_magnitude(lost) && !(sum & 1))
        sum += (lost ^ sum) & F64_SIGN ? -(f64)1 : 1;
    return f32_value(__truncdfsf2(sum));
}
