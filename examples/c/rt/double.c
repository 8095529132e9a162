/* Double precision: addition, subtraction, multiplication, division, negation. */
#include "soft.h"

f64 __adddf3(f64 a, f64 b)
{
    f64 x = f64_magnitude(a), y = f64_magnitude(b);
    if (x < y) {
        f64 t = a;
        a = b;
        b = t;
        t = x;
        x = y;
        y = t;
    }
    /* |a| >= |b| */
    f64 sign = a & F64_SIGN;
    bool differ = (a ^ b) & F64_SIGN;
    if (x >= F64_INFINITY)
        return x > F64_INFINITY || (y == F64_INFINITY && differ) ? F64_NAN : a;
    if (y == 0)
        return x == 0 ? a & b : a;
    uint64_t m, n;
    int exponent = f64_unpack(x, &m), other = f64_unpack(y, &n);
    m <<= 10;
    n = shift_sticky64(n << 10, exponent - other);
    if (!differ) {
        m += n;
        if (m >> 63) {
            m = m >> 1 | (m & 1);
            exponent++;
        }
    } else {
        m -= n;
        if (m == 0)
            return 0;
        int shift = zeros64(m) - 1;
        m <<= shift;
        exponent -= shift;
    }
    return f64_pack(sign, exponent, m);
}

f64 __subdf3(f64 a, f64 b)
{
    return __adddf3(a, b ^ F64_SIGN);
}

f64 __negdf2(f64 a)
{
    return a ^ F64_SIGN;
}

f64 __muldf3(f64 a, f64 b)
{
    f64 x = f64_magnitude(a), y = f64_magnitude(b), sign = (a ^ b) & F64_SIGN;
    if (x >= F64_INFINITY || y >= F64_INFINITY)
        return x > F64_INFINITY || y > F64_INFINITY || x == 0 || y == 0 ? F64_NAN : sign | F64_INFINITY;
    if (x == 0 || y == 0)
        return sign;
    uint64_t m, n;
    int exponent = f64_unpack(x, &m) + f64_unpack(y, &n) - 1023;
    /* 53 and 53 bits; the leading bit of the product comes to 126 or 127, and with its high half to 62 or 63. */
    struct wide product = multiply64(m << 11, n << 11);
    m = product.high | (product.low != 0);
    if (m >> 63) {
        m = m >> 1 | (m & 1);
        exponent++;
    }
    return f64_pack(sign, exponent, m);
}

f64 __divdf3(f64 a, f64 b)
{
    f64 x = f64_magnitude(a), y = f64_magnitude(b), sign = (a ^ b) & F64_SIGN;
    if (x >= F64_INFINITY || y >= F64_INFINITY) {
        if (x > F64_INFINITY || y > F64_INFINITY || x == y)
            return F64_NAN;
        return x == F64_INFINITY ? sign | F64_INFINITY : sign;
    }
    if (y == 0)
        return x == 0 ? F64_NAN : sign | F64_INFINITY;
    if (x == 0)
        return sign;
    uint64_t m, n;
    int exponent = f64_unpack(x, &m) - f64_unpack(y, &n) + 1023;
    if (m < n) {
        m <<= 1;
        exponent--;
    }
    /* 1 <= m / n < 2: a bit before the point, and 64 behind it, in four digits. Each is estimated from the highest 16 bits
     * of n, and is at most 2 too large (Knuth, TAOCP 4.3.1); all but the estimate is exact modulo 2^64. */
    uint64_t digits = 0;
    m = (m - n) << 8;
    n <<= 8;
    uint32_t n1 = (uint32_t)(n >> 45);
    for (int i = 0; i < 4; i++) {
        uint32_t digit = (uint32_t)(m >> 29) / n1;
        m = (m << 16) - n * digit;
        while ((int64_t)m < 0) {
            digit--;
            m += n;
        }
        digits = digits << 16 | digit;
    }
    uint64_t quotient = (uint64_t)1 << 62 | digits >> 2 | ((digits & 3) != 0 || m != 0);
    return f64_pack(sign, exponent, quotient);
}
