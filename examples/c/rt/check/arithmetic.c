/* Floating point in single and double precision, conversions and 64-bit integers against the host's instructions, bit for
 * bit: all pairs of edge cases, and random operands of which many are subnormal, near each other or near powers of two. */
#include "check.h"

#define RT(name) rt___##name

u32 RT(addsf3)(u32, u32), RT(subsf3)(u32, u32), RT(mulsf3)(u32, u32), RT(divsf3)(u32, u32), RT(negsf2)(u32);
u64 RT(adddf3)(u64, u64), RT(subdf3)(u64, u64), RT(muldf3)(u64, u64), RT(divdf3)(u64, u64), RT(negdf2)(u64);
int RT(eqsf2)(u32, u32), RT(nesf2)(u32, u32), RT(ltsf2)(u32, u32), RT(lesf2)(u32, u32), RT(gtsf2)(u32, u32);
int RT(gesf2)(u32, u32), RT(unordsf2)(u32, u32);
int RT(eqdf2)(u64, u64), RT(nedf2)(u64, u64), RT(ltdf2)(u64, u64), RT(ledf2)(u64, u64), RT(gtdf2)(u64, u64);
int RT(gedf2)(u64, u64), RT(unorddf2)(u64, u64);
i32 RT(fixsfsi)(u32), RT(fixdfsi)(u64);
i64 RT(fixsfdi)(u32), RT(fixdfdi)(u64);
u32 RT(fixunssfsi)(u32), RT(fixunsdfsi)(u64);
u64 RT(fixunssfdi)(u32), RT(fixunsdfdi)(u64);
u32 RT(floatsisf)(i32), RT(floatunsisf)(u32), RT(floatdisf)(i64), RT(floatundisf)(u64);
u64 RT(floatsidf)(i32), RT(floatunsidf)(u32), RT(floatdidf)(i64), RT(floatundidf)(u64);
u64 RT(extendsfdf2)(u32);
u32 RT(truncdfsf2)(u64);
u64 RT(muldi3)(u64, u64), RT(negdi2)(u64), RT(udivdi3)(u64, u64), RT(umoddi3)(u64, u64);
i64 RT(divdi3)(i64, i64), RT(moddi3)(i64, i64);
u64 RT(ashldi3)(u64, int), RT(lshrdi3)(u64, int), RT(ashrdi3)(u64, int);
int RT(cmpdi2)(i64, i64), RT(ucmpdi2)(u64, u64);
int RT(clzsi2)(u32), RT(ctzsi2)(u32), RT(popcountsi2)(u32), RT(paritysi2)(u32), RT(clrsbsi2)(i32), RT(ffssi2)(u32);
int RT(clzdi2)(u64), RT(ctzdi2)(u64), RT(popcountdi2)(u64), RT(paritydi2)(u64), RT(clrsbdi2)(i64), RT(ffsdi2)(u64);
u32 RT(bswapsi2)(u32);
u64 RT(bswapdi2)(u64);

/* --- Operands --- */

enum { MOST_EDGES = 500 };

static u32 single_edges[MOST_EDGES];
static u64 double_edges[MOST_EDGES];
static int single_count, double_count;

static void make_edges(void)
{
    static const u32 e32[] = {0, 1, 2, 126, 127, 128, 149, 150, 151, 158, 159, 160, 190, 191, 192, 253, 254, 255};
    static const u32 m32[] = {0, 1, 2, 0x3fffff, 0x400000, 0x400001, 0x7ffffe, 0x7fffff};
    static const u64 e64[] = {0, 1, 2, 896, 897, 1022, 1023, 1024, 1053, 1054, 1055, 1075, 1076, 1077, 1086, 1087, 1088,
        2045, 2046, 2047};
    static const u64 m64[] = {0, 1, 2, 0x7ffffffffffff, 0x8000000000000, 0x8000000000001, 0xffffffffffffe, 0xfffffffffffff,
        0xfffffff000000, 0x10000000};
    for (unsigned e = 0; e < sizeof e32 / sizeof *e32; e++)
        for (unsigned m = 0; m < sizeof m32 / sizeof *m32; m++)
            for (u32 sign = 0; sign < 2; sign++)
                single_edges[single_count++] = sign << 31 | e32[e] << 23 | m32[m];
    for (unsigned e = 0; e < sizeof e64 / sizeof *e64; e++)
        for (unsigned m = 0; m < sizeof m64 / sizeof *m64; m++)
            for (u64 sign = 0; sign < 2; sign++)
                double_edges[double_count++] = sign << 63 | e64[e] << 52 | m64[m];
}

static u32 any_single(void)
{
    u64 r = any();
    u32 x = (u32)r;
    switch (r >> 61) {
    case 0:
        return single_edges[(r >> 33) % (u32)single_count];
    case 1:
        return x & 0xff8000ff;
    case 2:
        return (x & 0x807fffff) | (u32)(120 + (r >> 40) % 20) << 23;
    case 3:
        return x & 0xfffff000;
    case 4:
        return (x & 0x807fffff) | (u32)((r >> 40) % 30) << 23;
    default:
        return x;
    }
}

static u64 any_double(void)
{
    u64 r = any(), x = any();
    switch (r >> 60) {
    case 0:
        return double_edges[(r >> 33) % (u32)double_count];
    case 1:
        return x & 0xfff00000000000ff;
    case 2:
        return (x & 0x800fffffffffffff) | (1010 + r % 30) << 52;
    case 3:
        return x & 0xfffffffff0000000;
    case 4:
        return (x & 0x800fffffffffffff) | r % 60 << 52;
    case 5:
        return x | 0x000fffff00000000;
    case 6:
        return x & 0xffffffff00000000;
    default:
        return x;
    }
}

static u64 any_integer(void)
{
    u64 r = any(), s = any();
    switch (s >> 61) {
    case 0:
        return r >> (s & 63);
    case 1:
        return r & ~(~(u64)0 << (s & 63));
    case 2:
        return ~(u64)0 << (s & 63);
    case 3:
        return ((u64)1 << (s & 63)) - 1 + (s >> 8 & 1);
    case 4:
        return -(r >> (s & 63));
    case 5:
        return (u32)r;
    default:
        return r;
    }
}

/* --- Comparisons --- */

static void two_singles(u32 a, u32 b)
{
    float x = float_of(a), y = float_of(b);
    expect("x + y", a, b, RT(addsf3)(a, b), float_bits(x + y));
    expect("x - y", a, b, RT(subsf3)(a, b), float_bits(x - y));
    expect("x * y", a, b, RT(mulsf3)(a, b), float_bits(x * y));
    expect("x / y", a, b, RT(divsf3)(a, b), float_bits(x / y));
    expect("x == y", a, b, RT(eqsf2)(a, b) == 0, x == y);
    expect("x != y", a, b, RT(nesf2)(a, b) != 0, x != y);
    expect("x < y", a, b, RT(ltsf2)(a, b) < 0, x < y);
    expect("x <= y", a, b, RT(lesf2)(a, b) <= 0, x <= y);
    expect("x > y", a, b, RT(gtsf2)(a, b) > 0, x > y);
    expect("x >= y", a, b, RT(gesf2)(a, b) >= 0, x >= y);
    expect("unordered", a, b, RT(unordsf2)(a, b) != 0, isunordered(x, y));
}

static void two_doubles(u64 a, u64 b)
{
    double x = double_of(a), y = double_of(b);
    expect("x + y", a, b, RT(adddf3)(a, b), bits_of(x + y));
    expect("x - y", a, b, RT(subdf3)(a, b), bits_of(x - y));
    expect("x * y", a, b, RT(muldf3)(a, b), bits_of(x * y));
    expect("x / y", a, b, RT(divdf3)(a, b), bits_of(x / y));
    expect("x == y", a, b, RT(eqdf2)(a, b) == 0, x == y);
    expect("x != y", a, b, RT(nedf2)(a, b) != 0, x != y);
    expect("x < y", a, b, RT(ltdf2)(a, b) < 0, x < y);
    expect("x <= y", a, b, RT(ledf2)(a, b) <= 0, x <= y);
    expect("x > y", a, b, RT(gtdf2)(a, b) > 0, x > y);
    expect("x >= y", a, b, RT(gedf2)(a, b) >= 0, x >= y);
    expect("unordered", a, b, RT(unorddf2)(a, b) != 0, isunordered(x, y));
}

/* To an integer as RISC-V has it: what does not fit becomes the nearest that does, NaN the largest. */
static u64 clamped(double x, __int128 least, __int128 most)
{
    if (x != x || x >= (double)most)
        return (u64)most;
    return x <= (double)least ? (u64)least : (u64)(__int128)x;
}

static void one_single(u32 a)
{
    float x = float_of(a);
    if (x == x)
        expect("-x", a, 0, RT(negsf2)(a), float_bits(-x));
    expect("(double)x", a, 0, RT(extendsfdf2)(a), bits_of(x));
    expect("(int32)x", a, 0, (u64)(i64)RT(fixsfsi)(a), (u64)(i64)(i32)clamped(x, INT32_MIN, INT32_MAX));
    expect("(int64)x", a, 0, (u64)RT(fixsfdi)(a), clamped(x, INT64_MIN, INT64_MAX));
    expect("(uint32)x", a, 0, RT(fixunssfsi)(a), (u32)clamped(x, 0, UINT32_MAX));
    expect("(uint64)x", a, 0, RT(fixunssfdi)(a), clamped(x, 0, UINT64_MAX));
}

static void one_double(u64 a)
{
    double x = double_of(a);
    if (x == x)
        expect("-x", a, 0, RT(negdf2)(a), bits_of(-x));
    expect("(float)x", a, 0, RT(truncdfsf2)(a), float_bits((float)x));
    expect("(int32)x", a, 0, (u64)(i64)RT(fixdfsi)(a), (u64)(i64)(i32)clamped(x, INT32_MIN, INT32_MAX));
    expect("(int64)x", a, 0, (u64)RT(fixdfdi)(a), clamped(x, INT64_MIN, INT64_MAX));
    expect("(uint32)x", a, 0, RT(fixunsdfsi)(a), (u32)clamped(x, 0, UINT32_MAX));
    expect("(uint64)x", a, 0, RT(fixunsdfdi)(a), clamped(x, 0, UINT64_MAX));
}

static void one_integer(u64 a)
{
    u32 w = (u32)a;
    expect("(float)int32", a, 0, RT(floatsisf)((i32)w), float_bits((float)(i32)w));
    expect("(float)uint32", a, 0, RT(floatunsisf)(w), float_bits((float)w));
    expect("(float)int64", a, 0, RT(floatdisf)((i64)a), float_bits((float)(i64)a));
    expect("(float)uint64", a, 0, RT(floatundisf)(a), float_bits((float)a));
    expect("(double)int32", a, 0, RT(floatsidf)((i32)w), bits_of((i32)w));
    expect("(double)uint32", a, 0, RT(floatunsidf)(w), bits_of(w));
    expect("(double)int64", a, 0, RT(floatdidf)((i64)a), bits_of((double)(i64)a));
    expect("(double)uint64", a, 0, RT(floatundidf)(a), bits_of((double)a));
    expect("clz", w, 0, (u64)RT(clzsi2)(w), w ? (u64)__builtin_clz(w) : 32);
    expect("clz", a, 0, (u64)RT(clzdi2)(a), a ? (u64)__builtin_clzll(a) : 64);
    if (w)
        expect("ctz", w, 0, (u64)RT(ctzsi2)(w), (u64)__builtin_ctz(w));
    if (a)
        expect("ctz", a, 0, (u64)RT(ctzdi2)(a), (u64)__builtin_ctzll(a));
    expect("ffs", w, 0, (u64)RT(ffssi2)(w), (u64)__builtin_ffs((i32)w));
    expect("ffs", a, 0, (u64)RT(ffsdi2)(a), (u64)__builtin_ffsll((i64)a));
    expect("popcount", w, 0, (u64)RT(popcountsi2)(w), (u64)__builtin_popcount(w));
    expect("popcount", a, 0, (u64)RT(popcountdi2)(a), (u64)__builtin_popcountll(a));
    expect("parity", w, 0, (u64)RT(paritysi2)(w), (u64)__builtin_parity(w));
    expect("parity", a, 0, (u64)RT(paritydi2)(a), (u64)__builtin_parityll(a));
    expect("clrsb", w, 0, (u64)RT(clrsbsi2)((i32)w), (u64)__builtin_clrsb((i32)w));
    expect("clrsb", a, 0, (u64)RT(clrsbdi2)((i64)a), (u64)__builtin_clrsbll((i64)a));
    expect("bswap", w, 0, RT(bswapsi2)(w), __builtin_bswap32(w));
    expect("bswap", a, 0, RT(bswapdi2)(a), __builtin_bswap64(a));
    expect("-n", a, 0, RT(negdi2)(a), -a);
}

static void two_integers(u64 a, u64 b)
{
    i64 x = (i64)a, y = (i64)b;
    int n = (int)(b & 63);
    expect("a * b", a, b, RT(muldi3)(a, b), a * b);
    expect("a << n", a, b, RT(ashldi3)(a, n), a << n);
    expect("a >> n", a, b, RT(lshrdi3)(a, n), a >> n);
    expect("x >> n", a, b, RT(ashrdi3)(a, n), (u64)(x >> n));
    expect("cmp", a, b, (u64)RT(cmpdi2)(x, y), (u64)((x > y) - (x < y) + 1));
    expect("ucmp", a, b, (u64)RT(ucmpdi2)(a, b), (u64)((a > b) - (a < b) + 1));
    if (!b)
        return;
    expect("a / b", a, b, RT(udivdi3)(a, b), a / b);
    expect("a % b", a, b, RT(umoddi3)(a, b), a % b);
    if (x != INT64_MIN || y != -1) {
        expect("x / y", a, b, (u64)RT(divdi3)(x, y), (u64)(x / y));
        expect("x % y", a, b, (u64)RT(moddi3)(x, y), (u64)(x % y));
    }
}

int main(int count, char **arguments)
{
    long cases = count > 1 ? atol(arguments[1]) : 100000;
    make_edges();
    for (int i = 0; i < single_count; i++) {
        one_single(single_edges[i]);
        for (int k = 0; k < single_count; k++)
            two_singles(single_edges[i], single_edges[k]);
    }
    for (int i = 0; i < double_count; i++) {
        one_double(double_edges[i]);
        for (int k = 0; k < double_count; k++)
            two_doubles(double_edges[i], double_edges[k]);
    }
    for (long i = 0; i < cases; i++) {
        u32 a = any_single(), b = any_single();
        u64 x = any_double(), y = any_double(), p = any_integer(), q = any_integer();
        one_single(a);
        two_singles(a, b);
        one_double(x);
        two_doubles(x, y);
        one_integer(p);
        two_integers(p, q);
        /* Near each other, where subtraction cancels. */
        two_singles(a, (a ^ (b & 0x80000003)) + (u32)(p & 0x1800000));
        two_doubles(x, (x ^ (y & 0x8000000000000003)) + (q & 0x30000000000000));
    }
    return verdict("arithmetic");
}
