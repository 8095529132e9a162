/* Virtual time: a clock of the instructions that the machine has retired. */
#ifndef _TIME_H
#define _TIME_H

#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif


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
int clock_getres(int clock, struct timespec *resolution);
int nanosleep(const struct timespec *time, struct timespec *left);

/* Local time is UTC. */
struct tm *gmtime(const time_t *when);
struct tm *gmtime_r(const time_t *__restrict when, struct tm *__restrict to);
struct tm *localtime(const time_t *when);
struct tm *localtime_r(const time_t *__restrict when, struct tm *__restrict to);
time_t mktime(struct tm *of);
time_t timegm(struct tm *of);

char *asctime(const struct tm *of);
char *asctime_r(const struct tm *__restrict of, char *__restrict target);
char *ctime(const time_t *when);
char *ctime_r(const time_t *__restrict when, char *__restrict target);
size_t strftime(char *__restrict target, size_t size, const char *__restrict format, const struct tm *__restrict of);

int timespec_get(struct timespec *now, int base);

#ifdef __cplusplus
}
#endif

#endif
