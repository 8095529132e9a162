/* Division of 64-bit integers by way of 32-bit ones. As everywhere on PG32, a divisor of 0 traps. */
#include "wide.h"

/* (high, low) / d for high < d, in two digits of 16 bits (Knuth's algorithm D, TAOCP 4.3.1). */
static inline uint32_t divide_long(uint32_t high, uint32_t low, uint32_t d, uint32_t *remainder)
{
    uint32_t quotient = 0;
    int shift = zeros32(d);
    if (shift) {
        d <<= shift;
        high = high << shift | low >> (32 - shift);
        low <<= shift;
    }
    uint32_t d1 = d >> 16, d0 = d & 0xffff;
    for (int half = 16; half >= 0; half -= 16) {
        uint32_t digit = high / d1, rest = high % d1;
        /* The estimate is at most 2 too large. */
        while (digit >> 16 || digit * d0 > (rest << 16 | (low >> half & 0xffff))) {
            digit--;
            rest += d1;
            if (rest >> 16)
                break;
        }
        high = (high << 16 | (low >> half & 0xffff)) - digit * d;
        quotient = quotient << 16 | digit;
    }
    *remainder = high >> shift;
    return quotient;
}

static inline uint64_t divide(uint64_t n, uint64_t d, uint64_t *remainder)
{
    uint32_t n1 = (uint32_t)(n >> 32), n0 = (uint32_t)n, d1 = (uint32_t)(d >> 32), d0 = (uint32_t)d, r;
    if (!d1) {
        if (!n1) {
            *remainder = n0 % d0;
            return n0 / d0;
        }
        uint32_t q1 = n1 / d0;
        uint32_t q0 = divide_long(n1 % d0, n0, d0, &r);
        *remainder = r;
        return (uint64_t)q1 << 32 | q0;
    }
    if (n < d) {
        *remainder = n;
        return 0;
    }
    /* One digit of 32 bits, estimated from the highest 64 bits of n and 32 of d; at most 2 too large. */
    int shift = zeros32(d1);
    uint32_t top = shift ? n1 >> (32 - shift) : 0;
    uint64_t shifted = n << shift;
    uint32_t q = divide_long(top, (uint32_t)(shifted >> 32), (uint32_t)(d << shift >> 32), &r);
    uint64_t low = (uint64_t)q * d0, high = (uint64_t)q * d1 + (low >> 32);
    uint32_t carry = (uint32_t)(high >> 32);
    uint64_t product = high << 32 | (uint32_t)low;
    while (carry || product > n) {
        q--;
        carry -= product < d;
        product -= d;
    }
    *remainder = n - product;
    return q;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
    uint64_t remainder;
    return divide(n, d, &remainder);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
    uint64_t remainder;
    divide(n, d, &remainder);
    return remainder;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *remainder)
{
    uint64_t rest, quotient = divide(n, d, &rest);
    if (remainder)
        *remainder = rest;
    return quotient;
}

static uint64_t magnitude(int64_t x)
{
    return x < 0 ? -(uint64_t)x : (uint64_t)x;
}

int64_t __divdi3(int64_t n, int64_t d)
{
    uint64_t quotient = __udivdi3(magnitude(n), magnitude(d));
    return (int64_t)((n ^ d) < 0 ? -quotient : quotient);
}

int64_t __moddi3(int64_t n, int64_t d)
{
    uint64_t remainder = __umoddi3(magnitude(n), magnitude(d));
    return (int64_t)(n < 0 ? -remainder : remainder);
}

int64_t __divmoddi4(int64_t n, int64_t d, int64_t *remainder)
{
    uint64_t rest, quotient = __udivmoddi4(magnitude(n), magnitude(d), &rest);
    *remainder = (int64_t)(n < 0 ? -rest : rest);
    return (int64_t)((n ^ d) < 0 ? -quotient : quotient);
}
