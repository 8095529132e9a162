/* Functions on single bits that GCC calls: it believes that the machine has none. */
#include <strings.h>
#include "wide.h"

int __clzsi2(uint32_t x)
{
    return zeros32(x);
}

int __clzdi2(uint64_t x)
{
    return zeros64(x);
}

int __ctzsi2(uint32_t x)
{
    return 31 - zeros32(x & -x);
}

int __ctzdi2(uint64_t x)
{
    uint32_t low = (uint32_t)x;
    return low ? __ctzsi2(low) : 32 + __ctzsi2((uint32_t)(x >> 32));
}

int __ffssi2(uint32_t x)
{
    return 32 - zeros32(x & -x);
}

int __ffsdi2(uint64_t x)
{
    return x ? __ctzdi2(x) + 1 : 0;
}

int ffs(int x)
{
    return __ffssi2((uint32_t)x);
}

int __clrsbsi2(int32_t x)
{
    return zeros32((uint32_t)(x < 0 ? ~x : x)) - 1;
}

int __clrsbdi2(int64_t x)
{
    return zeros64((uint64_t)(x < 0 ? ~x : x)) - 1;
}

int __popcountsi2(uint32_t x)
{
    x -= x >> 1 & 0x55555555;
    x = (x & 0x33333333) + (x >> 2 & 0x33333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f;
    return (int)(x * 0x01010101 >> 24);
}

int __popcountdi2(uint64_t x)
{
    return __popcountsi2((uint32_t)x) + __popcountsi2((uint32_t)(x >> 32));
}

int __paritysi2(uint32_t x)
{
    x ^= x >> 16;
    x ^= x >> 8;
    x ^= x >> 4;
    return 0x6996 >> (x & 15) & 1;
}

int __paritydi2(uint64_t x)
{
    return __paritysi2((uint32_t)(x ^ x >> 32));
}

uint32_t __bswapsi2(uint32_t x)
{
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

uint64_t __bswapdi2(uint64_t x)
{
    return (uint64_t)__bswapsi2((uint32_t)x) << 32 | __bswapsi2((uint32_t)(x >> 32));
}
