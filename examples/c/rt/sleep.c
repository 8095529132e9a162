/* Letting time pass: virtual time, so that nobody waits. The processor halts until the timer's line is pending. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "rt.h"

enum { PER_SECOND = 1000000000 };

/* Halt for so many instructions' time, of which one takes a nanosecond. No interrupt is taken. */
static void pass(uint64_t time)
{
#ifdef __riscv_32e
    uint64_t until = __instructions() + time;
    unsigned enabled = pg32_rdcr(ie), low = pg32_rdcr(timecmp), high = pg32_rdcr(timecmph);
    pg32_wrcr(timecmph, until >> 32);
    pg32_wrcr(timecmp, until);
    pg32_wrcr(ie, 1);
    pg32_hlt();
    pg32_wrcr(ie, enabled);
    pg32_wrcr(timecmph, high);
    pg32_wrcr(timecmp, low);
#elif defined __riscv
    __wait_until(__instructions() + time);
#else
    (void)time;
#endif
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= PER_SECOND) {
        errno = EINVAL;
        return -1;
    }
    pass((uint64_t)time->tv_sec * PER_SECOND + (uint64_t)time->tv_nsec);
    if (left)
        left->tv_sec = left->tv_nsec = 0;
    return 0;
}

unsigned sleep(unsigned seconds)
{
    pass((uint64_t)seconds * PER_SECOND);
    return 0;
}

int usleep(useconds_t microseconds)
{
    pass((uint64_t)microseconds * 1000);
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    if (zone)
        *(struct timezone *)zone = (struct timezone){0, 0};
    return 0;
}

int settimeofday(const struct timeval *now, const struct timezone *zone)
{
    (void)now;
    (void)zone;
    errno = EPERM;
    return -1;
}
