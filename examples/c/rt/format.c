/* printf()'s formats: flags, width, precision, length, conversion. */
#pragma GCC optimize("Os")
#include <stdarg.h>
#include <string.h>
#include "decimal.h"
#include "soft.h"

struct output {
    put_function *put;
    void *where;
    int count;
};

/* What stands between the % and the conversion. */
struct spec {
    bool left, plus, space, other, zero;
    int width;
    int precision; /* negative if there is none */
    int length; /* in bytes */
    char conversion;
};

/* --- Output --- */

static void text(struct output *o, const char *s, int length)
{
    o->count += length;
    while (length-- > 0)
        o->put(o->where, *s++);
}

static void repeat(struct output *o, char c, int times)
{
    for (; times > 0; times--) {
        o->put(o->where, c);
        o->count++;
    }
}

/* What is left of the width beside `length` characters: before the prefix, behind it, and at the end. */
static void begin(struct output *o, const struct spec *s, const char *prefix, int length, bool zeros)
{
    int prefix_length = (int)strlen(prefix), pad = s->width - prefix_length - length;
    if (!s->left && !zeros)
        repeat(o, ' ', pad);
    text(o, prefix, prefix_length);
    if (!s->left && zeros)
        repeat(o, '0', pad);
}

static void end(struct output *o, const struct spec *s, const char *prefix, int length)
{
    if (s->left)
        repeat(o, ' ', s->width - (int)strlen(prefix) - length);
}

static const char *sign_of(const struct spec *s, bool negative)
{
    return negative ? "-" : s->plus ? "+" : s->space ? " " : "";
}

static void string(struct output *o, const struct spec *s, const char *body, int length)
{
    begin(o, s, "", length, false);
    text(o, body, length);
    end(o, s, "", length);
}

/* --- Integers --- */

static const char *digits_of(bool upper)
{
    return upper ? "0123456789ABCDEF" : "0123456789abcdef";
}

static void integer(struct output *o, const struct spec *s, uint64_t value, const char *prefix, uint32_t base)
{
    char buffer[24], *at = buffer + sizeof buffer;
    const char *digits = digits_of(s->conversion == 'X');
    /* 32 bits at a time: 64-bit division is slow. */
    for (; value >> 32; value /= base)
        *--at = digits[value % base];
    for (uint32_t low = (uint32_t)value; low; low /= base)
        *--at = digits[low % base];
    int length = (int)(buffer + sizeof buffer - at), zeros = 0;
    if (length < (s->precision < 0 ? 1 : s->precision))
        zeros = (s->precision < 0 ? 1 : s->precision) - length;
    if (base == 8 && s->other && zeros == 0 && (length == 0 || *at != '0'))
        zeros = 1;
    begin(o, s, prefix, zeros + length, s->zero && s->precision < 0);
    repeat(o, '0', zeros);
    text(o, at, length);
    end(o, s, prefix, zeros + length);
}

/* --- Floating point --- */

struct digits {
    int count, point; /* the value is 0.ddd * 10^point */
    char digit[LIMBS * 9];
};

static void expand(struct digits *g, f64 magnitude)
{
    struct decimal d;
    uint64_t significand = 0;
    int exponent = 0;
    if (magnitude)
        exponent = f64_unpack(magnitude, &significand);
    /* Even numbers are shorter. */
    int zeros = significand ? 63 - zeros64(significand & -significand) : 0;
    __decimal_set(&d, significand >> zeros, significand ? exponent - 1023 - 52 + zeros : 0);
    int count = 0;
    g->point = (WHOLE - d.first) * 9;
    for (int i = d.first; i < d.last; i++) {
        uint32_t limb = d.limb[i];
        for (int k = 8; k >= 0; k--) {
            g->digit[count + k] = (char)('0' + limb % 10);
            limb /= 10;
        }
        count += 9;
    }
    int leading = 0;
    while (leading < count && g->digit[leading] == '0')
        leading++;
    memmove(g->digit, g->digit + leading, (size_t)(count - leading));
    g->count = count - leading;
    g->point -= leading;
    if (!g->count)
        g->point = 1;
}

static char digit_at(const struct digits *g, int place)
{
    return place >= 0 && place < g->count ? g->digit[place] : '0';
}

/* Round to `keep` digits: to nearest, ties to even. */
static void round_to(struct digits *g, int keep)
{
    if (keep >= g->count)
        return;
    bool up = false;
    if (keep >= 0) {
        char next = g->digit[keep];
        bool more = false;
        for (int i = keep + 1; i < g->count && !more; i++)
            more = g->digit[i] != '0';
        up = next > '5' || (next == '5' && (more || (keep > 0 && g->digit[keep - 1] & 1)));
    }
    g->count = keep > 0 ? keep : 0;
    if (!up) {
        if (!g->count)
            g->point = 1;
        return;
    }
    int i = g->count - 1;
    while (i >= 0 && g->digit[i] == '9')
        i--;
    if (i >= 0) {
        g->digit[i]++;
        g->count = i + 1;
    } else {
        g->digit[0] = '1';
        g->count = 1;
        g->point++;
    }
}

static void fixed(struct output *o, const struct spec *s, const struct digits *g, const char *sign, int precision)
{
    int whole = g->point > 0 && g->count ? g->point : 1, length = whole + (precision > 0 || s->other) + precision;
    begin(o, s, sign, length, s->zero);
    for (int i = 0; i < whole; i++)
        repeat(o, digit_at(g, g->point - whole + i), 1);
    if (precision > 0 || s->other)
        repeat(o, '.', 1);
    for (int i = 0; i < precision; i++)
        repeat(o, digit_at(g, g->point + i), 1);
    end(o, s, sign, length);
}

static void scientific(
    struct output *o, const struct spec *s, const struct digits *g, const char *sign, int precision, char letter)
{
    char tail[8];
    int exponent = g->point - 1, at = 0;
    tail[at++] = letter;
    tail[at++] = exponent < 0 ? '-' : '+';
    if (exponent < 0)
        exponent = -exponent;
    if (exponent >= 100)
        tail[at++] = (char)('0' + exponent / 100);
    tail[at++] = (char)('0' + exponent / 10 % 10);
    tail[at++] = (char)('0' + exponent % 10);
    int length = 1 + (precision > 0 || s->other) + precision + at;
    begin(o, s, sign, length, s->zero);
    repeat(o, digit_at(g, 0), 1);
    if (precision > 0 || s->other)
        repeat(o, '.', 1);
    for (int i = 1; i <= precision; i++)
        repeat(o, digit_at(g, i), 1);
    text(o, tail, at);
    end(o, s, sign, length);
}

static void hexadecimal(struct output *o, const struct spec *s, f64 magnitude, bool negative)
{
    bool upper = s->conversion == 'A';
    char prefix[4], body[32], tail[8], *t = tail + sizeof tail;
    const char *digits = digits_of(upper), *sign = sign_of(s, negative);
    int at = 0;
    while (*sign)
        prefix[at++] = *sign++;
    prefix[at++] = '0';
    prefix[at++] = upper ? 'X' : 'x';
    prefix[at] = 0;
    int exponent = magnitude ? (int)(magnitude >> 52) - 1023 : 0, places = 13;
    uint64_t m = magnitude & (F64_ONE - 1);
    if (magnitude >= F64_ONE)
        m |= F64_ONE;
    else if (magnitude)
        exponent = -1022;
    if (s->precision >= 0 && s->precision < 13) {
        int drop = (13 - s->precision) * 4;
        uint64_t half = (uint64_t)1 << (drop - 1), rest = m & (2 * half - 1);
        m = m >> drop;
        m += rest > half || (rest == half && (m & 1));
        places = s->precision;
    } else if (s->precision < 0) {
        for (; places && !(m & 15); m >>= 4)
            places--;
    }
    int extra = s->precision > 13 ? s->precision - 13 : 0, length = 0;
    body[length++] = digits[m >> places * 4 & 15];
    if (places || extra || s->other)
        body[length++] = '.';
    for (int i = places - 1; i >= 0; i--)
        body[length++] = digits[m >> i * 4 & 15];
    bool down = exponent < 0;
    for (int e = down ? -exponent : exponent; e || t == tail + sizeof tail; e /= 10)
        *--t = (char)('0' + e % 10);
    *--t = down ? '-' : '+';
    *--t = upper ? 'P' : 'p';
    int tail_length = (int)(tail + sizeof tail - t);
    begin(o, s, prefix, length + extra + tail_length, s->zero);
    text(o, body, length);
    repeat(o, '0', extra);
    text(o, t, tail_length);
    end(o, s, prefix, length + extra + tail_length);
}

static void real(struct output *o, struct spec *s, f64 bits)
{
    struct digits g;
    f64 magnitude = f64_magnitude(bits);
    bool upper = s->conversion >= 'A' && s->conversion <= 'Z';
    const char *sign = sign_of(s, bits & F64_SIGN);
    if (magnitude >= F64_INFINITY) {
        const char *name = magnitude > F64_INFINITY ? upper ? "NAN" : "nan" : upper ? "INF" : "inf";
        begin(o, s, sign, 3, false);
        text(o, name, 3);
        end(o, s, sign, 3);
        return;
    }
    char kind = s->conversion | 32, letter = upper ? 'E' : 'e';
    if (kind == 'a') {
        hexadecimal(o, s, magnitude, bits & F64_SIGN);
        return;
    }
    int precision = s->precision < 0 ? 6 : s->precision;
    expand(&g, magnitude);
    if (kind == 'f') {
        round_to(&g, g.point + precision);
        fixed(o, s, &g, sign, precision);
    } else if (kind == 'e') {
        round_to(&g, precision + 1);
        scientific(o, s, &g, sign, precision, letter);
    } else {
        if (precision == 0)
            precision = 1;
        round_to(&g, precision);
        int used = g.count;
        while (used > 0 && g.digit[used - 1] == '0')
            used--;
        if (s->other)
            used = precision;
        /* Digits behind the point, without trailing zeros. */
        int exponent = g.point - 1;
        if (exponent < precision && exponent >= -4)
            fixed(o, s, &g, sign, used > g.point ? used - g.point : 0);
        else
            scientific(o, s, &g, sign, used > 1 ? used - 1 : 0, letter);
    }
}

/* The nearest double to a long double, of which GCC has 128 bits here. */
static f64 narrowed(const long double *x)
{
#ifdef __riscv
    uint32_t w[4];
    memcpy(w, x, sizeof w);
    f64 sign = (f64)(w[3] & 0x80000000) << 32;
    int exponent = (int)(w[3] >> 16 & 0x7fff);
    uint64_t high = (uint64_t)(w[3] & 0xffff) << 32 | w[2];
    if (exponent == 0x7fff)
        return high || w[1] || w[0] ? F64_NAN : sign | F64_INFINITY;
    if (exponent == 0)
        return sign;
    uint64_t m = (uint64_t)1 << 62 | high << 14 | w[1] >> 18;
    return f64_pack(sign, exponent - 16383 + 1023, m | (w[1] << 14 || w[0]));
#else
    return f64_bits((double)*x);
#endif
}

/* --- The format --- */

static const char *parse(const char *at, struct spec *s, va_list *arguments)
{
    *s = (struct spec){.precision = -1, .length = sizeof(int)};
    for (;; at++) {
        if (*at == '-')
            s->left = true;
        else if (*at == '+')
            s->plus = true;
        else if (*at == ' ')
            s->space = true;
        else if (*at == '#')
            s->other = true;
        else if (*at == '0')
            s->zero = true;
        else
            break;
    }
    if (*at == '*') {
        s->width = va_arg(*arguments, int);
        if (s->width < 0) {
            s->left = true;
            s->width = -s->width;
        }
        at++;
    } else {
        for (; *at >= '0' && *at <= '9'; at++)
            s->width = s->width * 10 + *at - '0';
    }
    if (*at == '.') {
        at++;
        s->precision = 0;
        if (*at == '*') {
            s->precision = va_arg(*arguments, int);
            at++;
        } else {
            for (; *at >= '0' && *at <= '9'; at++)
                s->precision = s->precision * 10 + *at - '0';
        }
    }
    for (;; at++) {
        if (*at == 'h')
            s->length /= 2;
        else if (*at == 'l')
            s->length = s->length == sizeof(long) && at[-1] == 'l' ? sizeof(long long) : sizeof(long);
        else if (*at == 'q' || *at == 'j')
            s->length = sizeof(long long);
        else if (*at == 'L')
            s->length = sizeof(long double);
        else if (*at == 'z' || *at == 't')
            s->length = sizeof(size_t);
        else
            break;
    }
    s->conversion = *at;
    return *at ? at + 1 : at;
}

static uint64_t unsigned_argument(const struct spec *s, va_list *arguments)
{
    if (s->length > (int)sizeof(int))
        return va_arg(*arguments, unsigned long long);
    unsigned value = va_arg(*arguments, unsigned);
    return s->length == 1 ? (unsigned char)value : s->length == 2 ? (unsigned short)value : value;
}

static int64_t signed_argument(const struct spec *s, va_list *arguments)
{
    if (s->length > (int)sizeof(int))
        return va_arg(*arguments, long long);
    int value = va_arg(*arguments, int);
    return s->length == 1 ? (signed char)value : s->length == 2 ? (short)value : value;
}

static void convert(struct output *o, struct spec *s, va_list *arguments)
{
    switch (s->conversion) {
    case 'd':
    case 'i': {
        int64_t value = signed_argument(s, arguments);
        integer(o, s, value < 0 ? -(uint64_t)value : (uint64_t)value, sign_of(s, value < 0), 10);
        break;
    }
    case 'u':
        integer(o, s, unsigned_argument(s, arguments), "", 10);
        break;
    case 'o':
        integer(o, s, unsigned_argument(s, arguments), "", 8);
        break;
    case 'x':
    case 'X': {
        uint64_t value = unsigned_argument(s, arguments);
        integer(o, s, value, s->other && value ? s->conversion == 'x' ? "0x" : "0X" : "", 16);
        break;
    }
    case 'p': {
        void *value = va_arg(*arguments, void *);
        if (value)
            integer(o, s, (uintptr_t)value, "0x", 16);
        else
            string(o, s, "(nil)", 5);
        break;
    }
    case 'c': {
        char c = (char)va_arg(*arguments, int);
        string(o, s, &c, 1);
        break;
    }
    case 's': {
        const char *body = va_arg(*arguments, const char *);
        if (!body)
            body = s->precision < 0 || s->precision >= 6 ? "(null)" : "";
        string(o, s, body, (int)strnlen(body, s->precision < 0 ? INT32_MAX : (size_t)s->precision));
        break;
    }
    case 'n':
        *va_arg(*arguments, int *) = o->count;
        break;
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        if (s->length == sizeof(long double)) {
            long double value = va_arg(*arguments, long double);
            real(o, s, narrowed(&value));
        } else {
            real(o, s, f64_bits(va_arg(*arguments, double)));
        }
        break;
    case '%':
        text(o, "%", 1);
        break;
    default:
        text(o, "%", 1);
        text(o, &s->conversion, s->conversion != 0);
    }
}

int __format(put_function *put, void *where, const char *format, va_list list)
{
    struct output o = {put, where, 0};
    struct spec s;
    va_list arguments;
    va_copy(arguments, list);
    while (*format) {
        if (*format != '%') {
            text(&o, format++, 1);
            continue;
        }
        format = parse(format + 1, &s, &arguments);
        convert(&o, &s, &arguments);
    }
    va_end(arguments);
    return o.count;
}
