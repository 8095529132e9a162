/* The kernels' only output. On PG32 port 0 is the console; on a host there is stdio. */
#include "kernel.h"

#ifdef __riscv

static void put(char c)
{
    asm volatile("out %0, %1" : : "r"(0x00), "r"(c));
}

#else

#include <stdio.h>

static void put(char c)
{
    putchar(c);
}

#endif

volatile uint32_t seed = 1;

#ifndef PARTS
#define PARTS 1
#endif
volatile uint32_t parts = PARTS;

void report(const char *name, uint32_t checksum)
{
    while (*name)
        put(*name++);
    put(':');
    put(' ');
    for (int shift = 28; shift >= 0; shift -= 4)
        put("0123456789abcdef"[checksum >> shift & 15]);
    put('\n');
}
