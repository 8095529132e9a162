/* Floating-point numbers from text: strtod() and its like, correctly rounded. */
#pragma GCC optimize("Os")
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "decimal.h"
#include "soft.h"

enum { DIGITS = 780, MOST = 320, LEAST = -345 };

/* What a text is: a decimal number, a number m * 2^exponent as f64_pack() has it, infinity, NaN, or nothing. */
struct parsed {
    enum { NOTHING, NOT_A_NUMBER, INFINITE, DECIMAL, BINARY } kind;
    bool negative;
    int exponent;
    uint64_t m;
    struct decimal decimal;
};

static bool starts(const char *text, const char *word)
{
    while (*word)
        if (tolower((unsigned char)*text++) != *word++)
            return false;
    return true;
}

/* The exponent behind an e or p, if digits follow; `at` is moved behind them. */
static int exponent_at(const char **at, char letter)
{
    const char *p = *at;
    if ((*p | 32) != letter)
        return 0;
    p++;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (!isdigit((unsigned char)*p))
        return 0;
    int value = 0;
    for (; isdigit((unsigned char)*p); p++)
        if (value < 100000)
            value = value * 10 + *p - '0';
    *at = p;
    return negative ? -value : value;
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

static const char *hexadecimal(const char *at, struct parsed *p)
{
    uint64_t m = 0;
    int exponent = 0;
    bool point = false;
    for (;; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!isxdigit((unsigned char)*at))
            break;
        if (m >> 59) {
            m |= hex_digit(*at) != 0;
            exponent += 4;
        } else {
            m = m << 4 | (uint64_t)hex_digit(*at);
        }
        if (point)
            exponent -= 4;
    }
    exponent += exponent_at(&at, 'p');
    p->kind = BINARY;
    p->m = m;
    p->exponent = exponent;
    if (m) {
        int shift = zeros64(m) - 1;
        if (shift < 0)
            p->m = m >> 1 | (m & 1);
        else
            p->m = m << shift;
        p->exponent += 62 - shift;
    }
    return at;
}

/* Digits of which the first has the weight 10^(point - 1). */
static void fill(struct decimal *d, const char *digits, int count, int point)
{
    static const uint32_t powers[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    d->first = d->last = WHOLE;
    if (!count)
        return;
    /* Places are counted from the first digit of limb 0. */
    int place = WHOLE * 9 - point;
    d->first = place / 9;
    d->last = d->first;
    for (int i = 0; i < count; i++, place++) {
        int limb = place / 9;
        if (limb >= LIMBS) {
            d->more = true;
            return;
        }
        if (limb >= d->last)
            d->limb[d->last++] = 0;
        d->limb[limb] += (uint32_t)(digits[i] - '0') * powers[8 - place % 9];
    }
    while (d->last > d->first && d->limb[d->last - 1] == 0)
        d->last--;
}

static const char *decimal(const char *at, struct parsed *p)
{
    char digits[DIGITS];
    int count = 0, point = 0;
    bool seen_point = false;
    p->decimal.more = false;
    for (;; at++) {
        if (*at == '.' && !seen_point) {
            seen_point = true;
            continue;
        }
        if (!isdigit((unsigned char)*at))
            break;
        if (count || *at != '0') {
            if (count < DIGITS)
                digits[count++] = *at;
            else if (*at != '0')
                p->decimal.more = true;
            point += !seen_point;
        } else {
            point -= seen_point;
        }
    }
    point += exponent_at(&at, 'e');
    p->kind = DECIMAL;
    if (count && point > MOST)
        p->kind = INFINITE;
    else
        fill(&p->decimal, digits, point < LEAST ? 0 : count, point);
    return at;
}

static void parse(const char *text, char **end, struct parsed *p)
{
    const char *at = text, *behind = text;
    p->kind = NOTHING;
    p->negative = false;
    while (isspace((unsigned char)*at))
        at++;
    if (*at == '-' || *at == '+')
        p->negative = *at++ == '-';
    if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]))) {
        bool hex = at[0] == '0' && (at[1] | 32) == 'x'
            && (isxdigit((unsigned char)at[2]) || (at[2] == '.' && isxdigit((unsigned char)at[3])));
        behind = hex ? hexadecimal(at + 2, p) : decimal(at, p);
    } else if (starts(at, "inf")) {
        p->kind = INFINITE;
        behind = at + (starts(at, "infinity") ? 8 : 3);
    } else if (starts(at, "nan")) {
        p->kind = NOT_A_NUMBER;
        behind = at + 3;
    }
    if (p->kind == NOTHING)
        p->negative = false;
    if (end)
        *end = (char *)behind;
}

static f64 to_double(struct parsed *p)
{
    switch (p->kind) {
    case NOT_A_NUMBER:
        return F64_NAN;
    case INFINITE:
        return F64_INFINITY;
    case DECIMAL:
        return __decimal_double(&p->decimal);
    case BINARY:
        return p->m ? f64_pack(0, p->exponent + 1023, p->m) : 0;
    default:
        return 0;
    }
}

static f32 to_float(struct parsed *p)
{
    switch (p->kind) {
    case NOT_A_NUMBER:
        return F32_NAN;
    case INFINITE:
        return F32_INFINITY;
    case DECIMAL:
        return __decimal_float(&p->decimal);
    case BINARY:
        return p->m ? f32_pack(0, p->exponent + 127, (uint32_t)(p->m >> 32) | ((uint32_t)p->m != 0)) : 0;
    default:
        return 0;
    }
}

double strtod(const char *restrict text, char **restrict end)
{
    struct parsed p;
    parse(text, end, &p);
    f64 bits = to_double(&p);
    if (bits == F64_INFINITY && p.kind >= DECIMAL)
        errno = ERANGE;
    return f64_value(bits | (p.negative ? F64_SIGN : 0));
}

float strtof(const char *restrict text, char **restrict end)
{
    struct parsed p;
    parse(text, end, &p);
    f32 bits = to_float(&p);
    if (bits == F32_INFINITY && p.kind >= DECIMAL)
        errno = ERANGE;
    return f32_value(bits | (p.negative ? F32_SIGN : 0));
}

double atof(const char *text)
{
    return strtod(text, NULL);
}
