/* Days and the time of day: UTC, Gregorian in both directions, without leap seconds. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdbool.h>
#include <time.h>

enum { DAY = 86400, ERA = 146097, /* days of 400 years */ THURSDAY = 4, EPOCH_YEAR = 1970, BASE_YEAR = 1900 };

/* Days before the year's March, in a year that begins with March: its last day is the one that may be missing. */
static int days_before(int month)
{
    return (153 * month + 2) / 5;
}

static bool is_leap(long long year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* a / b and a modulo b, rounded down. */
static long long quotient(long long a, long long b)
{
    return a / b - (a % b < 0);
}

static long long rest(long long a, long long b)
{
    return a - quotient(a, b) * b;
}

/* Days from 1 January 1970 to the first of a month, 0 to 11. */
static long long days_until(long long year, int month)
{
    if (month < 2)
        year--;
    long long era = quotient(year, 400);
    int of_era = (int)(year - era * 400);
    int day = days_before(month < 2 ? month + 10 : month - 2);
    return era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + day - 719468; /* 1 March of the year 0 to 1970 */
}

struct tm *gmtime_r(const time_t *restrict when, struct tm *restrict to)
{
    long long days = quotient(*when, DAY);
    int second = (int)rest(*when, DAY);
    long long since = days + 719468, era = quotient(since, ERA);
    int of_era = (int)(since - era * ERA); /* day of the era, then its year, then the day of that */
    int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA - 1)) / 365;
    int day = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * day + 2) / 153;
    long long whole = era * 400 + year + (month >= 10);
    if (whole - BASE_YEAR > INT_MAX || whole - BASE_YEAR < INT_MIN) {
        errno = EOVERFLOW;
        return NULL;
    }
    to->tm_sec = second % 60;
    to->tm_min = second / 60 % 60;
    to->tm_hour = second / 3600;
    to->tm_mday = day - days_before(month) + 1;
    to->tm_mon = month < 10 ? month + 2 : month - 10;
    to->tm_year = (int)(whole - BASE_YEAR);
    to->tm_wday = (int)rest(days + THURSDAY, 7);
    to->tm_yday = (int)(days - days_until(whole, 0));
    to->tm_isdst = 0;
    return to;
}

time_t timegm(struct tm *of)
{
    long long year = of->tm_year + (long long)BASE_YEAR + quotient(of->tm_mon, 12);
    long long days = days_until(year, (int)rest(of->tm_mon, 12)) + of->tm_mday - 1;
    time_t when = ((days * 24 + of->tm_hour) * 60 + of->tm_min) * 60 + of->tm_sec;
    return gmtime_r(&when, of) ? when : -1;
}

/* Local time is UTC. */
time_t mktime(struct tm *of)
{
    return timegm(of);
}

static struct tm shared;

struct tm *gmtime(const time_t *when)
{
    return gmtime_r(when, &shared);
}

struct tm *localtime(const time_t *when)
{
    return gmtime_r(when, &shared);
}

struct tm *localtime_r(const time_t *restrict when, struct tm *restrict to)
{
    return gmtime_r(when, to);
}

/* The week of ISO 8601, which begins on Monday, and the year that it belongs to: that of its Thursday. */
int __iso_week(const struct tm *of, long long *year)
{
    int thursday = of->tm_yday - (of->tm_wday + 6) % 7 + 3;
    *year = of->tm_year + (long long)BASE_YEAR;
    if (thursday < 0)
        thursday += 365 + is_leap(--*year);
    else if (thursday >= 365 + is_leap(*year))
        thursday -= 365 + is_leap((*year)++);
    return thursday / 7 + 1;
}
