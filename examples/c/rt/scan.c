/* scanf()'s formats. */
#pragma GCC optimize("Os")
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rt.h"

enum { LONGEST = 320 };

struct input {
    get_function *get;
    unget_function *unget;
    void *where;
    int count;
};

static int next(struct input *in)
{
    in->count++;
    return in->get(in->where);
}

static void back(struct input *in, int c)
{
    in->count--;
    if (c >= 0)
        in->unget(in->where, c);
}

static void skip_space(struct input *in)
{
    int c;
    while (isspace(c = next(in)))
        ;
    back(in, c);
}

/* The characters of a number into `text`, at most `width`; what a number cannot have ends it. */
static void collect(struct input *in, char *text, int width, int base, bool real)
{
    int length = 0, c;
    bool digits = false, point = false, exponent = false;
    if (width <= 0 || width >= LONGEST)
        width = LONGEST - 1;
    for (;;) {
        c = next(in);
        if (length == width || c < 0)
            break;
        char letter = (char)(c | 32), power = base == 16 ? 'p' : 'e', last = length ? text[length - 1] : 0;
        bool fits, first = length == 0 || (length == 1 && !isdigit((unsigned char)last));
        if (c == '-' || c == '+')
            fits = length == 0 || (exponent && (last | 32) == power);
        else if (c == '.')
            fits = real && !point && !exponent;
        else if (letter == 'x' && last == '0' && length <= 2 && (length == 1 || !isdigit((unsigned char)text[0])))
            fits = (real || base == 0 || base == 16) && (base = 16);
        else if (isdigit(c))
            fits = exponent || base == 0 || c - '0' < base;
        else if (real && letter == power && digits && !exponent)
            fits = exponent = true;
        else if (base == 16 && isxdigit(c))
            fits = !exponent;
        else
            fits = real && isalpha(c) && (first || (!digits && !point)) && strchr("infaty", letter) && length < 9;
        if (!fits)
            break;
        point |= c == '.';
        digits |= isdigit(c) != 0;
        text[length++] = (char)c;
    }
    back(in, c);
    text[length] = 0;
}

static void store(void *target, int length, uint64_t value)
{
    switch (length) {
    case 1:
        *(uint8_t *)target = (uint8_t)value;
        break;
    case 2:
        *(uint16_t *)target = (uint16_t)value;
        break;
    case 4:
        *(uint32_t *)target = (uint32_t)value;
        break;
    default:
        *(uint64_t *)target = value;
    }
}

/* Is c in the set that begins behind the [ of the format? */
static bool in_set(const char *set, const char *end, int c)
{
    bool negated = *set == '^', found = false;
    if (negated)
        set++;
    for (const char *p = set; p < end; p++) {
        if (p[1] == '-' && p + 2 < end) {
            found |= c >= (unsigned char)p[0] && c <= (unsigned char)p[2];
            p += 2;
        } else {
            found |= c == (unsigned char)*p;
        }
    }
    return found != negated;
}

static const char *end_of_set(const char *set)
{
    if (*set == '^')
        set++;
    if (*set == ']')
        set++;
    while (*set && *set != ']')
        set++;
    return set;
}

/* Characters into `to` while they belong; how many. */
static int characters(struct input *in, char *to, int width, char kind, const char *set, const char *set_end)
{
    int length = 0, c;
    for (;;) {
        if (width > 0 && length == width)
            return length;
        c = next(in);
        if (c < 0 || (kind == 's' && isspace(c)) || (kind == '[' && !in_set(set, set_end, c)))
            break;
        if (to)
            to[length] = (char)c;
        length++;
    }
    back(in, c);
    return length;
}

int __scan(get_function *get, unget_function *unget, void *where, const char *format, va_list list)
{
    struct input in = {get, unget, where, 0};
    char text[LONGEST];
    int done = 0;
    va_list arguments;
    va_copy(arguments, list);
    for (; *format; format++) {
        if (isspace((unsigned char)*format)) {
            skip_space(&in);
            continue;
        }
        if (*format != '%' || format[1] == '%') {
            if (*format == '%') {
                format++;
                skip_space(&in);
            }
            int c = next(&in);
            if (c != (unsigned char)*format) {
                back(&in, c);
                if (c < 0 && !done)
                    done = EOF;
                break;
            }
            continue;
        }
        bool keep = true;
        int width = 0, length = sizeof(int);
        if (*++format == '*') {
            keep = false;
            format++;
        }
        for (; isdigit((unsigned char)*format); format++)
            width = width * 10 + *format - '0';
        for (;; format++) {
            if (*format == 'h')
                length /= 2;
            else if (*format == 'l')
                length = format[-1] == 'l' ? sizeof(long long) : sizeof(long);
            else if (*format == 'j' || *format == 'L' || *format == 'q')
                length = sizeof(long long);
            else if (*format == 'z' || *format == 't')
                length = sizeof(size_t);
            else
                break;
        }
        char kind = *format;
        if (kind == 'n') {
            if (keep)
                store(va_arg(arguments, void *), length, (uint64_t)in.count);
            continue;
        }
        if (kind != 'c' && kind != '[')
            skip_space(&in);
        int c = next(&in);
        back(&in, c);
        if (c < 0) {
            if (!done)
                done = EOF;
            break;
        }
        void *target = keep ? va_arg(arguments, void *) : NULL;
        if (kind == 's' || kind == 'c' || kind == '[') {
            const char *set = format + 1;
            if (kind == '[')
                format = end_of_set(set);
            int got = characters(&in, target, kind == 'c' && width == 0 ? 1 : width, kind, set, format);
            if (got == 0 || (kind == 'c' && got < width))
                break;
            if (target && kind != 'c')
                ((char *)target)[got] = 0;
        } else if (strchr("fFeEgGaA", kind) && kind) {
            char *end;
            collect(&in, text, width, 10, true);
            double value = strtod(text, &end);
            if (end == text)
                break;
            /* The l of %lf leaves the length of a long, the L of %Lf that of a long long. */
            if (target && format[-1] == 'l')
                *(double *)target = value;
            else if (target)
                *(float *)target = strtof(text, &end);
        } else {
            int base = kind == 'i' ? 0 : kind == 'o' ? 8 : kind == 'x' || kind == 'X' || kind == 'p' ? 16 : 10;
            char *end;
            collect(&in, text, width, base, false);
            uint64_t value;
            if (kind == 'd' || kind == 'i')
                value = (uint64_t)strtoll(text, &end, base);
            else
                value = strtoull(text, &end, base);
            if (end == text || !strchr("diuoxXp", kind))
                break;
            if (target)
                store(target, kind == 'p' ? (int)sizeof(void *) : length, value);
        }
        done += keep;
    }
    va_end(arguments);
    return done;
}
