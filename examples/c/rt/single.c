/* Single precision: addition, subtraction, multiplication, division, negation. */
#include "soft.h"

f32 __addsf3(f32 a, f32 b)
{
    f32 x = f32_magnitude(a), y = f32_magnitude(b);
    if (x < y) {
        f32 t = a;
        a = b;
        b = t;
        t = x;
        x = y;
        y = t;
    }
    /* |a| >= |b| */
    f32 sign = a & F32_SIGN;
    bool differ = (a ^ b) & F32_SIGN;
    if (x >= F32_INFINITY)
        return x > F32_INFINITY || (y == F32_INFINITY && differ) ? F32_NAN : a;
    if (y == 0)
        return x == 0 ? a & b : a;
    uint32_t m, n;
    int exponent = f32_unpack(x, &m), other = f32_unpack(y, &n);
    m <<= 7;
    n = shift_sticky32(n << 7, exponent - other);
    if (!differ) {
        m += n;
        if (m >> 31) {
            m = m >> 1 | (m & 1);
            exponent++;
        }
    } else {
        m -= n;
        if (m == 0)
            return 0;
        int shift = zeros32(m) - 1;
        m <<= shift;
        exponent -= shift;
    }
    return f32_pack(sign, exponent, m);
}

f32 __subsf3(f32 a, f32 b)
{
    return __addsf3(a, b ^ F32_SIGN);
}

f32 __negsf2(f32 a)
{
    return a ^ F32_SIGN;
}

f32 __mulsf3(f32 a, f32 b)
{
    f32 x = f32_magnitude(a), y = f32_magnitude(b), sign = (a ^ b) & F32_SIGN;
    if (x >= F32_INFINITY || y >= F32_INFINITY)
        return x > F32_INFINITY || y > F32_INFINITY || x == 0 || y == 0 ? F32_NAN : sign | F32_INFINITY;
    if (x == 0 || y == 0)
        return sign;
    uint32_t m, n;
    int exponent = f32_unpack(x, &m) + f32_unpack(y, &n) - 127;
    /* 24 and 24 bits; the leading bit of the product comes to 62 or 63, and with its high half to 30 or 31. */
    uint64_t product = (uint64_t)(m << 8) * (n << 8);
    m = (uint32_t)(product >> 32) | ((uint32_t)product != 0);
    if (m >> 31) {
        m = m >> 1 | (m & 1);
        exponent++;
    }
    return f32_pack(sign, exponent, m);
}

f32 __divsf3(f32 a, f32 b)
{
    f32 x = f32_magnitude(a), y = f32_magnitude(b), sign = (a ^ b) & F32_SIGN;
    if (x >= F32_INFINITY || y >= F32_INFINITY) {
        if (x > F32_INFINITY || y > F32_INFINITY || x == y)
            return F32_NAN;
        return x == F32_INFINITY ? sign | F32_INFINITY : sign;
    }
    if (y == 0)
        return x == 0 ? F32_NAN : sign | F32_INFINITY;
    if (x == 0)
        return sign;
    uint32_t m, n;
    int exponent = f32_unpack(x, &m) - f32_unpack(y, &n) + 127;
    if (m < n) {
        m <<= 1;
        exponent--;
    }
    /* 1 <= m / n < 2: a bit before the point, and 32 behind it, in four digits. */
    uint32_t digits = 0;
    m -= n;
    for (int i = 0; i < 4; i++) {
        uint32_t digit = (m << 8) / n;
        m = (m << 8) - digit * n;
        digits = digits << 8 | digit;
    }
    uint32_t quotient = 1u << 30 | digits >> 2 | ((digits & 3) != 0 || m != 0);
    return f32_pack(sign, exponent, quotient);
}
