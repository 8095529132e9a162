/* Formatting and reading of numbers against the host's C library. */
#include "check.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-overflow"

int rt_snprintf(char *, size_t, const char *, ...), rt_sscanf(const char *, const char *, ...);
double rt_strtod(const char *, char **);
float rt_strtof(const char *, char **);
long rt_strtol(const char *, char **, int);
unsigned long rt_strtoul(const char *, char **, int);
void rt_srand(unsigned);
int rt_rand(void);

enum { ROOM = 3000 };

static void differ(const char *what, const char *got, const char *wanted)
{
    done++;
    if (strcmp(got, wanted) != 0 && different++ < SHOWN)
        printf("%s: [%s] instead of [%s]\n", what, got, wanted);
}

/* The arguments are evaluated twice. */
#define FORMAT(...) \
    do { \
        char theirs[ROOM], ours[ROOM]; \
        int length = snprintf(theirs, ROOM, __VA_ARGS__), our_length = rt_snprintf(ours, ROOM, __VA_ARGS__); \
        differ("format", ours, theirs); \
        expect("length", 0, 0, (u64)our_length, (u64)length); \
    } while (0)

static double power_of_ten(int n)
{
    double x = 1;
    for (; n > 0; n--)
        x *= 10;
    for (; n < 0; n++)
        x /= 10;
    return x;
}

static double any_real(void)
{
    u64 r = any();
    switch (r >> 61) {
    case 0:
    case 1:
        return double_of(any());
    case 2:
        return (double)(i64)any() / 1000;
    case 3:
        return (double)(any() % 100000) / 100.0;
    case 4:
        return power_of_ten((int)(r % 60) - 30) * (double)(any() % 100);
    case 5:
        return (double)(any() % 64) / 8;
    default:
        return ldexp((double)(any() >> 11), (int)(any() % 200) - 150);
    }
}

static void random_format(void)
{
    char format[64], *p = format;
    *p++ = '<';
    *p++ = '%';
    for (u64 flags = any() % 3; flags; flags--)
        *p++ = "-+ #0"[any() % 5];
    if (any() % 2)
        p += sprintf(p, "%d", (int)(any() % 25));
    if (any() % 2)
        p += sprintf(p, ".%d", (int)(any() % (any() % 10 ? 12 : 60)));
    const char *conversions = "diuxXo";
    switch (any() % 8) {
    case 0: {
        int n = any() % 10 ? (int)any() >> (any() % 32) : 0;
        sprintf(p, "%c>", conversions[any() % 6]);
        FORMAT(format, n);
        break;
    }
    case 1: {
        long long n = (long long)any() >> (any() % 64);
        sprintf(p, "ll%c>", conversions[any() % 6]);
        FORMAT(format, n);
        break;
    }
    case 2: {
        static const char *const lengths[] = {"h", "hh", "z", "t", "j", "l"};
        int which = (int)(any() % 6);
        long n = (long)any();
        sprintf(p, "%s%c>", lengths[which], conversions[any() % 6]);
        if (which < 2)
            FORMAT(format, (int)n);
        else
            FORMAT(format, n);
        break;
    }
    case 3: {
        const char *string = any() % 4 ? "hello, world" : "";
        sprintf(p, "s>");
        FORMAT(format, string);
        break;
    }
    default: {
        double x = any_real();
        sprintf(p, "%c>", "feEgGaAF"[any() % 8]);
        FORMAT(format, x);
    }
    }
}

static void certain_formats(void)
{
    FORMAT("%*d|%-*d|%.*f|%.*s", 5, 42, -7, 43, -3, 1.5, 3, "abcdef");
    FORMAT("%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
    FORMAT("%g %g %g %g", 1e5, 1e6, 1e-4, 1e-5);
    FORMAT("%f %e %g %a %f %e", 0.0, 0.0, 0.0, 0.0, -0.0, -0.0);
    FORMAT("%.400f %.1100g %f", 1e-320, 5e-324, 1.7976931348623157e308);
    FORMAT("%#g %#.0f %#x %#o %p %p", 1.0, 1.0, 0, 0, (void *)0, (void *)0x1234);
    FORMAT("%5s|%-5s|%c|%%|%010d|%+.3d|% d", (char *)0, "a", 'x', -5, 7, 9);
    FORMAT("%f %F %e %010f", (double)INFINITY, -(double)INFINITY, (double)NAN, (double)INFINITY);
}

/* The text of a number, or of something like one. */
static void any_text(char *s)
{
    static const char *const odd[] = {"  -12.5e", "0x1.8p3", "0x.8", "0xg", "inf", "INFINITY", "-nan", "1e400", "1e-400",
        "  +5.", ".", "-", "e5", "1e+", "0x1p-1074", "0x1.fffffffffffff8p1023", "0x1.00000000000008p0",
        "0x1.000000000000080001p0", "00000000000000000000.00000000000000001", "9007199254740993", "4.9e-324",
        "2.4703282292062327e-324", "2.4703282292062328e-324", "infinit", "0x", "1_000", "123456789012345678901234567890"};
    switch (any() % 6) {
    case 0:
        sprintf(s, "%.17g", any_real());
        break;
    case 1:
        sprintf(s, "%.*e", (int)(any() % 30), any_real());
        break;
    case 2: {
        /* Halfway between neighbours, or almost. */
        u64 bits = any() >> 1;
        if (bits >> 52 >= 2046)
            bits &= 0xffffffffffffff;
        long double half = ((long double)double_of(bits) + (long double)double_of(bits + 1)) / 2;
        sprintf(s, "%.*Le", any() % 2 ? 760 : (int)(20 + any() % 5), half);
        if (any() % 2)
            strchr(s, 'e')[-1] = '1';
        break;
    }
    case 3: {
        for (u64 n = any() % 40 + 1; n; n--)
            *s++ = (char)('0' + any() % 10);
        if (any() % 2)
            *s++ = '.';
        for (u64 n = any() % 40; n; n--)
            *s++ = (char)('0' + any() % 10);
        if (any() % 2)
            s += sprintf(s, "e%d", (int)(any() % 700) - 350);
        *s = 0;
        break;
    }
    case 4:
        strcpy(s, odd[any() % (sizeof odd / sizeof *odd)]);
        break;
    default:
        sprintf(s, "%a", any_real());
    }
}

static void random_number(void)
{
    char s[1000], *end, *our_end;
    any_text(s);
    double x = strtod(s, &end), y = rt_strtod(s, &our_end);
    expect(s, 0, 0, bits_of(y), bits_of(x));
    expect(s, 0, 1, (u64)(our_end - s), (u64)(end - s));
    expect(s, 0, 2, float_bits(rt_strtof(s, &our_end)), float_bits(strtof(s, &end)));
}

static void integers(void)
{
    static const char *const texts[] = {"0", "123", "-123", "0x1f", "0X", "077", "  +9z", "99999999999999999999",
        "-99999999999999999999", "zz", "", "-", "0x", "2147483648", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "-1"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int base = 0; base <= 36; base += base ? 1 : 2) {
            char *end, *our_end;
            const char *s = texts[i];
            expect(s, (u64)base, 0, (u64)rt_strtol(s, &our_end, base), (u64)strtol(s, &end, base));
            expect(s, (u64)base, 1, (u64)(our_end - s), (u64)(end - s));
            expect(s, (u64)base, 2, rt_strtoul(s, &our_end, base), strtoul(s, &end, base));
        }
}

static void scanning(void)
{
    static const char *const texts[] = {"12 abc 3.5 x", "0x1f -7 z", "  42,17;rest", "abc", "", "-5e3foo 1e", "99 bottles",
        "1.5.2 3", ". 5", "a1b2", "12:34:56", "inf 3"};
    static const char *const formats[] = {"%d %s %lf %c", "%i %d %c", "%d,%d;%s", "%x %d", "%lf%s %lf", "%f %d", "%2d%3s%n",
        "%[a-c]%[^ ] %d", "%*d %s", "%c%c%c", "%d:%d:%d"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        for (unsigned k = 0; k < sizeof formats / sizeof *formats; k++) {
            u64 a[4][8] = {{0}}, b[4][8] = {{0}};
            int n = sscanf(texts[i], formats[k], a[0], a[1], a[2], a[3]);
            expect(formats[k], i, k, (u64)rt_sscanf(texts[i], formats[k], b[0], b[1], b[2], b[3]), (u64)n);
            expect(formats[k], i, k, memcmp(a, b, sizeof a) != 0, 0);
        }
}

static void random_numbers(void)
{
    static const unsigned seeds[] = {1, 0, 2, 42, 123456789, 0x7fffffff, 0x80000000, 0xffffffff, 0xdeadbeef};
    for (unsigned i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        if (i) {
            srand(seeds[i]);
            rt_srand(seeds[i]);
        }
        for (int n = 0; n < 1000; n++)
            expect("rand()", seeds[i], (u64)n, (u64)rt_rand(), (u64)rand());
    }
}

int main(int count, char **arguments)
{
    long cases = count > 1 ? atol(arguments[1]) : 100000;
    certain_formats();
    integers();
    scanning();
    random_numbers();
    for (long i = 0; i < cases; i++) {
        random_format();
        random_number();
    }
    return verdict("text");
}
