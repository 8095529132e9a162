/* A kernel for RV32: under Linux's system calls, its work as often as there are arguments; or (SYSTEM) on the bare
 * machine `virt` of QEMU, REPEAT times. What kernel.c is for PG32. */
#include "kernel.h"

#ifndef PARTS
#define PARTS 1
#endif

volatile uint32_t seed = 1;
volatile uint32_t parts = PARTS;

extern int kernel(void);

#ifdef SYSTEM

enum { UART = 0x10000000, TEST = 0x100000, PASS = 0x5555, FAIL = 0x3333 };

uint8_t stack[1 << 16] __attribute__((aligned(16)));

asm(".section .text.first\n.globl _start\n_start: la sp, stack + 65536\nj begin\n.text");

static void put(char c)
{
    *(volatile uint8_t *)UART = (uint8_t)c;
}

void begin(void)
{
    int failed = 0;
    for (int n = 0; n < REPEAT; n++)
        failed |= kernel();
    *(volatile uint32_t *)TEST = failed ? FAIL : PASS;
    for (;;)
        ;
}

#else

enum { WRITE = 64, EXIT = 93 };

asm(".section .text.first\n.globl _start\n_start: lw a0, 0(sp)\nandi sp, sp, -16\nj begin\n.text");

/* The number of a system call is in a7, which RV32E has not: in t0 there. */
#ifdef __riscv_32e
#define NUMBER "t0"
#else
#define NUMBER "a7"
#endif

static int system_call(int number, int a, const void *b, int c)
{
    register int a0 asm("a0") = a;
    register const void *a1 asm("a1") = b;
    register int a2 asm("a2") = c;
    register int in asm(NUMBER) = number;
    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(in) : "memory");
    return a0;
}

static void put(char c)
{
    system_call(WRITE, 1, &c, 1);
}

void begin(int count)
{
    int failed = 0;
    for (int n = 1; n < count; n++)
        failed |= kernel();
    system_call(EXIT, failed, 0, 0);
    for (;;)
        ;
}

#endif

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
