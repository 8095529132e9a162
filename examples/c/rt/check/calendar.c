/* Dates against the host's C library, in the locale "C" and in UTC. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <time.h>
#include "check.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

struct tm *rt_gmtime_r(const time_t *, struct tm *);
time_t rt_timegm(struct tm *);
size_t rt_strftime(char *, size_t, const char *, const struct tm *);
char *rt_asctime_r(const struct tm *, char *);

enum { ROOM = 512 };

static const char *const formats[] = {
    "%a %A %b %B %h", "%c", "%C %d %D %e %F", "%g %G %V", "%H %I %j %k %l", "%m %M %n %p %P", "%r %R %S %t %T",
    "%u %U %w %W", "%x %X %y %Y", "%z %Z %%", "%s", "%Ec %EC %Ex %EX %Ey %EY", "%Od %Oe %OH %OI %Om %OM %OS",
    "%Ou %OU %OV %Ow %OW %Oy", "%E", "%O", "%", "%1 %f %i", "plain",
};

static void fields(const char *what, time_t when, const struct tm *ours, const struct tm *theirs)
{
    const int *a = &ours->tm_sec, *b = &theirs->tm_sec; /* nine ints, the same in both libraries */
    for (u64 n = 0; n < 9; n++)
        expect(what, (u64)when, n, (u64)a[n], (u64)b[n]);
}

static time_t any_time(void)
{
    u64 r = any();
    switch (r >> 61) {
    case 0: return (i64)any(); /* mostly beyond all years */
    case 1: return (i64)any() >> 8; /* years of ten digits */
    case 2: return (i64)any() >> 20;
    case 3: return (i64)(r % 4000) * 31557600 - 2000 * 31557600LL + (i64)(any() % 5) - 2;
    default: return (i64)(any() % 8000000000u) - 4000000000LL;
    }
}

static void text(const char *format, const struct tm *of)
{
    char theirs[ROOM], ours[ROOM];
    size_t length = strftime(theirs, ROOM, format, of), our_length = rt_strftime(ours, ROOM, format, of);
    expect(format, (u64)of->tm_year, (u64)of->tm_yday, our_length, length);
    if (length && strcmp(ours, theirs) != 0 && different++ < SHOWN)
        printf("%s: [%s] instead of [%s]\n", format, ours, theirs);
    size_t room = any() % (length + 3);
    our_length = rt_strftime(ours, room, format, of);
    expect("room", room, length, our_length, room > length ? length : 0);
}

static int one(int most)
{
    return (int)(any() % (2 * (u64)most + 1)) - most;
}

int main(int count, char **arguments)
{
    long cases = count > 1 ? atol(arguments[1]) : 1000000;
    setenv("TZ", "UTC", 1);
    tzset();
    for (long i = 0; i < cases; i++) {
        time_t when = any_time();
        struct tm ours = {0}, theirs = {0};
        bool got = rt_gmtime_r(&when, &ours) != NULL, wanted = localtime_r(&when, &theirs) != NULL;
        expect("gmtime", (u64)when, 0, got, wanted);
        if (!got || !wanted)
            continue;
        fields("gmtime", when, &ours, &theirs);
        /* Before the year 1000 the host's %C has one digit, where the standard has two. */
        if (i % 8 == 0 && theirs.tm_year >= -900 && theirs.tm_year < 8100) {
            for (size_t n = 0; n < sizeof formats / sizeof *formats; n++)
                text(formats[n], &theirs);
            char a[26], b[26];
            expect("asctime", (u64)when, 0, (u64)strcmp(rt_asctime_r(&theirs, a), asctime_r(&theirs, b)), 0);
        }
        /* Fields out of their ranges are brought back into them. */
        struct tm wild = theirs;
        wild.tm_sec += one(100000);
        wild.tm_min += one(10000);
        wild.tm_hour += one(1000);
        wild.tm_mday += one(100000);
        wild.tm_mon += one(1000);
        if (i % 16 == 0)
            wild.tm_year = (int)any();
        struct tm tame = wild;
        time_t our_time = rt_timegm(&wild), their_time = timegm(&tame);
        expect("timegm", (u64)when, 0, (u64)our_time, (u64)their_time);
        if (their_time != -1)
            fields("timegm", when, &wild, &tame);
    }
    return verdict("calendar");
}
