/* What the kernels share. One source, two builds: natively with the host's GCC, and for PG32 through RV32EM.
 *
 * A kernel is a main() that calls functions marked KERNEL with values that no compiler can know, and reports one
 * checksum. All arithmetic that reaches the checksum is on 32-bit integers, so that both builds print the same line. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdint.h>

/* No loop becomes a call of the host's vectorized memcpy, memset or strlen: the loops are what is measured. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* Compiled as if its callers were unknown: not inlined, not specialized for the arguments of its only call. */
#define KERNEL __attribute__((noipa))

/* 1, read anew each time: what depends on it is not computed by the compiler. */
extern volatile uint32_t seed;

/* The work is done in one of so many parts; 1 where nobody has put another number there. */
extern volatile uint32_t parts;

/* So many of some rounds: at least 1. */
static inline uint32_t part_of(uint32_t rounds)
{
    return rounds > parts ? rounds / parts : 1;
}

/* Print "name: checksum" with the checksum in hexadecimal. */
void report(const char *name, uint32_t checksum);

/* The next of a sequence of 32-bit numbers: Marsaglia's xorshift32; the state must not be 0. */
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

/* Fold a value into a checksum, so that order counts. */
static inline uint32_t fold(uint32_t sum, uint32_t value)
{
    return (sum << 5 | sum >> 27) * 0x9e3779b1u ^ value;
}

#endif
