/* What the checks share: random operands, comparison, the count of what differs. */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

enum { SHOWN = 20 };

static long done, different;

/* xorshift64* */
static u64 state = 88172645463325252u;

static inline u64 any(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545f4914f6cdd1du;
}

static inline double double_of(u64 bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline u64 bits_of(double value)
{
    u64 bits;
    memcpy(&bits, &value, sizeof bits);
    return value != value ? 0x7ff8000000000000u : bits;
}

static inline float float_of(u32 bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline u32 float_bits(float value)
{
    u32 bits;
    memcpy(&bits, &value, sizeof bits);
    return value != value ? 0x7fc00000 : bits;
}

/* One result more; a and b are what it came from. */
static inline void expect(const char *name, u64 a, u64 b, u64 got, u64 wanted)
{
    done++;
    if (got != wanted && different++ < SHOWN)
        printf("%s %#llx %#llx: %#llx instead of %#llx\n", name, (unsigned long long)a, (unsigned long long)b,
            (unsigned long long)got, (unsigned long long)wanted);
}

static inline int verdict(const char *name)
{
    printf("%s: %ld results, %ld different\n", name, done, different);
    return different != 0;
}

/* What the host's stands for the machine's. What was written to the console is `said`. */
void rt_out(u32 port, u32 value);
u32 rt_in(u32 port);
char rt___heap_start[1 << 20], *rt___heap_end = rt___heap_start + sizeof rt___heap_start;

enum { MOST_SAID = 4096 };

static char said[MOST_SAID];
static size_t said_length;

void rt_out(u32 port, u32 value)
{
    if (port == 0 && said_length < MOST_SAID - 1)
        said[said_length++] = (char)value;
}

u32 rt_in(u32 port)
{
    (void)port;
    return ~0u;
}

#endif
