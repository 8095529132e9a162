/* Times as text: strftime(), in the locale "C", and asctime(). */
#pragma GCC optimize("Os")
#include <errno.h>
#include <stdio.h>
#include <time.h>

int __iso_week(const struct tm *of, long long *year); /* calendar.c */

static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const months[] = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
};

enum { SHORT = 3 };

struct text {
    char *at;
    size_t left; /* with the zero at the end */
};

static void put(struct text *to, char c)
{
    if (to->left) {
        *to->at++ = c;
        to->left--;
    }
}

static void put_string(struct text *to, const char *string, int most)
{
    while (*string && most--)
        put(to, *string++);
}

/* A name out of a table, and a question mark where the time makes no sense. */
static void put_name(struct text *to, const char *const *names, int count, int number, int most)
{
    put_string(to, number >= 0 && number < count ? names[number] : "?", most);
}

/* A number in at least `width` places, filled with `fill`. */
static void put_number(struct text *to, long long number, int width, char fill)
{
    char digits[24];
    int n = 0;
    unsigned long long rest = number < 0 ? -(unsigned long long)number : (unsigned long long)number;
    do
        digits[n++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) {
        if (fill == '0') {
            put(to, '-');
            width--;
        } else {
            digits[n++] = '-';
        }
    }
    for (; width > n; width--)
        put(to, fill);
    while (n)
        put(to, digits[--n]);
}

static void put_time(struct text *to, const char *format, const struct tm *of);

static int twelve(int hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

/* One conversion; false if there is none of this letter. */
static int convert(struct text *to, char letter, const struct tm *of)
{
    long long year = of->tm_year + 1900LL, iso;
    switch (letter) {
    case 'a': put_name(to, days, 7, of->tm_wday, SHORT); return 1;
    case 'A': put_name(to, days, 7, of->tm_wday, -1); return 1;
    case 'b':
    case 'h': put_name(to, months, 12, of->tm_mon, SHORT); return 1;
    case 'B': put_name(to, months, 12, of->tm_mon, -1); return 1;
    case 'c': put_time(to, "%a %b %e %H:%M:%S %Y", of); return 1;
    case 'C': put_number(to, year / 100 - (year % 100 < 0), 2, '0'); return 1;
    case 'd': put_number(to, of->tm_mday, 2, '0'); return 1;
    case 'D':
    case 'x': put_time(to, "%m/%d/%y", of); return 1;
    case 'e': put_number(to, of->tm_mday, 2, ' '); return 1;
    case 'F': put_time(to, "%Y-%m-%d", of); return 1;
    case 'g': __iso_week(of, &iso); put_number(to, (iso % 100 + 100) % 100, 2, '0'); return 1;
    case 'G': __iso_week(of, &iso); put_number(to, iso, 1, '0'); return 1;
    case 'H': put_number(to, of->tm_hour, 2, '0'); return 1;
    case 'I': put_number(to, twelve(of->tm_hour), 2, '0'); return 1;
    case 'j': put_number(to, of->tm_yday + 1LL, 3, '0'); return 1;
    case 'k': put_number(to, of->tm_hour, 2, ' '); return 1;
    case 'l': put_number(to, twelve(of->tm_hour), 2, ' '); return 1;
    case 'm': put_number(to, of->tm_mon + 1LL, 2, '0'); return 1;
    case 'M': put_number(to, of->tm_min, 2, '0'); return 1;
    case 'n': put(to, '\n'); return 1;
    case 'p': put_string(to, of->tm_hour > 11 ? "PM" : "AM", -1); return 1;
    case 'P': put_string(to, of->tm_hour > 11 ? "pm" : "am", -1); return 1;
    case 'r': put_time(to, "%I:%M:%S %p", of); return 1;
    case 'R': put_time(to, "%H:%M", of); return 1;
    case 's': {
        struct tm copy = *of;
        put_number(to, mktime(&copy), 1, '0');
        return 1;
    }
    case 'S': put_number(to, of->tm_sec, 2, '0'); return 1;
    case 't': put(to, '\t'); return 1;
    case 'T':
    case 'X': put_time(to, "%H:%M:%S", of); return 1;
    case 'u': put_number(to, (of->tm_wday + 6) % 7 + 1, 1, '0'); return 1;
    case 'U': put_number(to, (of->tm_yday + 7 - of->tm_wday) / 7, 2, '0'); return 1;
    case 'V': put_number(to, __iso_week(of, &iso), 2, '0'); return 1;
    case 'w': put_number(to, of->tm_wday, 1, '0'); return 1;
    case 'W': put_number(to, (of->tm_yday + 7 - (of->tm_wday + 6) % 7) / 7, 2, '0'); return 1;
    case 'y': put_number(to, (year % 100 + 100) % 100, 2, '0'); return 1;
    case 'Y': put_number(to, year, 1, '0'); return 1;
    case 'z': put_string(to, "+0000", -1); return 1;
    case 'Z': put_string(to, "UTC", -1); return 1;
    case '%': put(to, '%'); return 1;
    default: return 0;
    }
}

static void put_time(struct text *to, const char *format, const struct tm *of)
{
    while (*format) {
        const char *begin = format;
        if (*format++ != '%') {
            put(to, *begin);
            continue;
        }
        /* Other digits, other eras: this locale has none. */
        if (*format == 'E' || *format == 'O')
            format++;
        if (*format && convert(to, *format, of))
            format++;
        else
            put_string(to, begin, (int)(format - begin));
    }
}

size_t strftime(char *restrict target, size_t size, const char *restrict format, const struct tm *restrict of)
{
    struct text to = {target, size};
    put_time(&to, format, of);
    if (!to.left)
        return 0; /* and what is in the target says nothing */
    *to.at = 0;
    return size - to.left;
}

char *asctime_r(const struct tm *restrict of, char *restrict target)
{
    struct text to = {target, 26};
    put_time(&to, "%a %b", of);
    put_number(&to, of->tm_mday, 3, ' ');
    put_time(&to, " %H:%M:%S %Y\n", of);
    if (!to.left) {
        errno = EOVERFLOW;
        return NULL;
    }
    *to.at = 0;
    return target;
}

static char shared[26];

char *asctime(const struct tm *of)
{
    return asctime_r(of, shared);
}

char *ctime(const time_t *when)
{
    struct tm of;
    return gmtime_r(when, &of) ? asctime_r(&of, shared) : NULL;
}

char *ctime_r(const time_t *restrict when, char *restrict target)
{
    struct tm of;
    return gmtime_r(when, &of) ? asctime_r(&of, target) : NULL;
}
