/* Virtual time: a clock of the instructions that the machine has retired. */
#ifndef _TIME_H
#define _TIME_H

#include <stddef.h>

typedef long long time_t;
typedef unsigned long clock_t;

struct timespec {
    time_t tv_sec;
    long tv_nsec;
};

struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};

/* A thousand instructions are a millionth of a second, so that runs are repeatable. */
#define CLOCKS_PER_SEC 1000000
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define TIME_UTC 1

clock_t clock(void);
time_t time(time_t *now);
double difftime(time_t later, time_t earlier);
int clock_gettime(int clock, struct timespec *now);
int timespec_get(struct timespec *now, int base);

#endif
