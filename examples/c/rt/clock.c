/* Virtual time: CLOCKS_PER_SEC is a million, and one tick a thousand instructions. The time of day is that since reset. */
#include <time.h>
#include "rt.h"

enum { PER_TICK = 1000, TICKS = CLOCKS_PER_SEC };

/* Instructions retired since reset: rdcr, as rdtime has the low word only. */
uint64_t __instructions(void)
{
#ifdef __riscv_32e
    uint32_t low, high, again;
    do {
        high = pg32_rdcr(timeh);
        low = pg32_rdcr(time);
        again = pg32_rdcr(timeh);
    } while (high != again);
    return (uint64_t)high << 32 | low;
#elif defined __riscv
    uint32_t low, high, again;
    do
        __asm__ volatile("rdtimeh %0\n\trdtime %1\n\trdtimeh %2" : "=r"(high), "=r"(low), "=r"(again));
    while (high != again);
    return (uint64_t)high << 32 | low;
#else
    return 0;
#endif
}

clock_t clock(void)
{
    return (clock_t)(__instructions() / PER_TICK);
}

time_t time(time_t *now)
{
    time_t seconds = (time_t)(__instructions() / PER_TICK / TICKS);
    if (now)
        *now = seconds;
    return seconds;
}

double difftime(time_t later, time_t earlier)
{
    return (double)(later - earlier);
}

int clock_getres(int clock, struct timespec *resolution)
{
    (void)clock;
    if (resolution) {
        resolution->tv_sec = 0;
        resolution->tv_nsec = PER_TICK;
    }
    return 0;
}

int clock_gettime(int clock, struct timespec *now)
{
    (void)clock;
    uint64_t ticks = __instructions() / PER_TICK;
    now->tv_sec = (time_t)(ticks / TICKS);
    now->tv_nsec = (long)(ticks % TICKS * 1000);
    return 0;
}

int timespec_get(struct timespec *now, int base)
{
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}
