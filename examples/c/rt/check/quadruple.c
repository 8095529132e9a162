/* The 128 bits of PG32's long double against the host compiler's __float128, bit for bit. */
#include "check.h"

#define RT(name) rt___##name

typedef __float128 quad;

union quad_bits {
    quad value;
    u64 word[2];
};

quad RT(addtf3)(quad, quad), RT(subtf3)(quad, quad), RT(multf3)(quad, quad), RT(divtf3)(quad, quad), RT(negtf2)(quad);
int RT(eqtf2)(quad, quad), RT(lttf2)(quad, quad), RT(letf2)(quad, quad), RT(gttf2)(quad, quad), RT(getf2)(quad, quad);
int RT(unordtf2)(quad, quad);
quad RT(extenddftf2)(u64), RT(extendsftf2)(u32);
u64 RT(trunctfdf2)(quad);
u32 RT(trunctfsf2)(quad);
quad RT(floatsitf)(i32), RT(floatunsitf)(u32), RT(floatditf)(i64), RT(floatunditf)(u64);
i32 RT(fixtfsi)(quad);
i64 RT(fixtfdi)(quad);
u32 RT(fixunstfsi)(quad);
u64 RT(fixunstfdi)(quad);

static quad any_quad(void)
{
    u64 r = any(), part = r >> 8;
    union quad_bits b = {.word = {any(), any()}};
    u64 *high = &b.word[1];
    switch (r & 15) {
    case 0:
        *high = (*high & 0x8000ffffffffffff) | (16380 + part % 10) << 48;
        break;
    case 1:
        b.word[0] = 0;
        *high &= 0xffff000000000003;
        break;
    case 2:
        *high &= 0x8000ffffffffffff;
        break;
    case 3:
        *high |= 0x7fff000000000000;
        if (r & 16) {
            *high &= 0xffff000000000000;
            b.word[0] = 0;
        }
        break;
    case 4:
        *high &= 0x8000000000000000;
        if (r & 16)
            b.word[0] = 0;
        break;
    case 5:
        b.word[0] |= ~(u64)0 >> (r >> 58);
        *high |= 0xffffffffffff;
        break;
    case 6:
        *high = (*high & 0x8000ffffffffffff) | (16383 + part % 70) << 48;
        break;
    case 7:
        *high = (*high & 0x8000ffffffffffff) | (16383 + 127 - part % 300) << 48;
        break;
    case 8:
        *high = (*high & 0x8000fffffff00000) | (16383 + 1030 - part % 2120) << 48;
        if (r & 32)
            b.word[0] = 0;
        break;
    }
    return b.value;
}

static void compare(const char *name, quad a, quad b, quad got, quad wanted)
{
    union quad_bits x = {.value = a}, y = {.value = b}, g = {.value = got}, w = {.value = wanted};
    if (got != got && wanted != wanted)
        g = w;
    expect(name, x.word[1], y.word[1], g.word[1], w.word[1]);
    expect(name, x.word[0], y.word[0], g.word[0], w.word[0]);
}

static void one(quad a)
{
    u64 high = (union quad_bits){.value = a}.word[1];
    double d = (double)a;
    float f = (float)a;
    expect("(double)", high, 0, RT(trunctfdf2)(a), bits_of(d));
    expect("(float)", high, 0, RT(trunctfsf2)(a), float_bits(f));
    compare("from double", a, 0, RT(extenddftf2)(bits_of(d)), d);
    compare("from float", a, 0, RT(extendsftf2)(float_bits(f)), f);
    if (a != a)
        return;
    compare("-x", a, 0, RT(negtf2)(a), -a);
    i32 i = a >= INT32_MAX ? INT32_MAX : a <= INT32_MIN ? INT32_MIN : (i32)a;
    i64 l = a >= (quad)INT64_MAX ? INT64_MAX : a <= (quad)INT64_MIN ? INT64_MIN : (i64)a;
    u32 u = a >= UINT32_MAX ? UINT32_MAX : a <= 0 ? 0 : (u32)a;
    u64 v = a >= (quad)UINT64_MAX ? UINT64_MAX : a <= 0 ? 0 : (u64)a;
    expect("(int32)", high, 0, (u64)RT(fixtfsi)(a), (u64)i);
    expect("(int64)", high, 0, (u64)RT(fixtfdi)(a), (u64)l);
    expect("(uint32)", high, 0, RT(fixunstfsi)(a), u);
    expect("(uint64)", high, 0, RT(fixunstfdi)(a), v);
}

static void two(quad a, quad b)
{
    compare("x + y", a, b, RT(addtf3)(a, b), a + b);
    compare("x - y", a, b, RT(subtf3)(a, b), a - b);
    compare("x * y", a, b, RT(multf3)(a, b), a * b);
    compare("x / y", a, b, RT(divtf3)(a, b), a / b);
    u64 x = (union quad_bits){.value = a}.word[1], y = (union quad_bits){.value = b}.word[1];
    expect("x == y", x, y, RT(eqtf2)(a, b) == 0, a == b);
    expect("x < y", x, y, RT(lttf2)(a, b) < 0, a < b);
    expect("x <= y", x, y, RT(letf2)(a, b) <= 0, a <= b);
    expect("x > y", x, y, RT(gttf2)(a, b) > 0, a > b);
    expect("x >= y", x, y, RT(getf2)(a, b) >= 0, a >= b);
    expect("unordered", x, y, RT(unordtf2)(a, b) != 0, a != a || b != b);
}

int main(int count, char **arguments)
{
    long cases = count > 1 ? atol(arguments[1]) : 100000;
    for (long i = 0; i < cases; i++) {
        quad a = any_quad(), b = any_quad();
        union quad_bits near = {.value = a};
        near.word[0] ^= any() & 7;
        near.word[1] ^= (any() & 1) << 63;
        near.word[1] += (any() & 3) << 48;
        one(a);
        two(a, b);
        two(a, near.value);
        i64 n = (i64)(any() >> (any() & 63));
        if (any() & 1)
            n = -n;
        compare("from int32", 0, 0, RT(floatsitf)((i32)n), (i32)n);
        compare("from uint32", 0, 0, RT(floatunsitf)((u32)n), (u32)n);
        compare("from int64", 0, 0, RT(floatditf)(n), n);
        compare("from uint64", 0, 0, RT(floatunditf)((u64)n), (u64)n);
    }
    return verdict("quadruple precision");
}
