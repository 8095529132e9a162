/* Integers from text, and the small functions on integers. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include "rt.h"

struct number {
    uint64_t magnitude;
    bool negative, overflow;
};

static int digit(int c)
{
    return isdigit(c) ? c - '0' : isalpha(c) ? (c | 32) - 'a' + 10 : 99;
}

static struct number parse(const char *text, char **end, int base)
{
    struct number n = {0, false, false};
    const char *at = text;
    if (end)
        *end = (char *)text;
    while (isspace((unsigned char)*at))
        at++;
    if (*at == '-' || *at == '+')
        n.negative = *at++ == '-';
    if ((base == 0 || base == 16) && at[0] == '0' && (at[1] | 32) == 'x' && digit((unsigned char)at[2]) < 16) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    if (base < 2 || base > 36) {
        errno = EINVAL;
        return n;
    }
    const char *first = at;
    for (int d; (d = digit((unsigned char)*at)) < base; at++) {
        if (n.magnitude >> 32 == 0)
            n.magnitude = n.magnitude * (uint32_t)base + (uint32_t)d;
        else if (__builtin_mul_overflow(n.magnitude, (uint32_t)base, &n.magnitude)
                 || __builtin_add_overflow(n.magnitude, (uint32_t)d, &n.magnitude))
            n.overflow = true;
    }
    if (end && at != first)
        *end = (char *)at;
    return n;
}

/* The number, at most `most` or at least -most - 1. */
static int64_t signed_number(const char *text, char **end, int base, uint64_t most)
{
    struct number n = parse(text, end, base);
    if (n.overflow || n.magnitude > most + n.negative) {
        errno = ERANGE;
        n.magnitude = most + n.negative;
    }
    return (int64_t)(n.negative ? -n.magnitude : n.magnitude);
}

static uint64_t unsigned_number(const char *text, char **end, int base, uint64_t most)
{
    struct number n = parse(text, end, base);
    if (n.overflow || n.magnitude > most) {
        errno = ERANGE;
        return most;
    }
    return n.negative ? -n.magnitude : n.magnitude;
}

long strtol(const char *restrict text, char **restrict end, int base)
{
    return (long)signed_number(text, end, base, LONG_MAX);
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base)
{
    return (unsigned long)unsigned_number(text, end, base, ULONG_MAX);
}

long long strtoll(const char *restrict text, char **restrict end, int base)
{
    return signed_number(text, end, base, LLONG_MAX);
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base)
{
    return unsigned_number(text, end, base, ULLONG_MAX);
}

intmax_t strtoimax(const char *text, char **end, int base)
{
    return strtoll(text, end, base);
}

uintmax_t strtoumax(const char *text, char **end, int base)
{
    return strtoull(text, end, base);
}

int atoi(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

long atol(const char *text)
{
    return strtol(text, NULL, 10);
}

long long atoll(const char *text)
{
    return strtoll(text, NULL, 10);
}

int abs(int value)
{
    return value < 0 ? -value : value;
}

long labs(long value)
{
    return value < 0 ? -value : value;
}

long long llabs(long long value)
{
    return value < 0 ? -value : value;
}

intmax_t imaxabs(intmax_t value)
{
    return llabs(value);
}

div_t div(int a, int b)
{
    return (div_t){a / b, a % b};
}

ldiv_t ldiv(long a, long b)
{
    return (ldiv_t){a / b, a % b};
}

lldiv_t lldiv(long long a, long long b)
{
    return (lldiv_t){a / b, a % b};
}
