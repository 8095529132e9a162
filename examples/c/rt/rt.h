/* What the runtime's own files share. Each file is one noun; a program needs those whose symbols it names. */
#ifndef RT_H
#define RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* memcpy() and its like are loops, which must not become calls of themselves. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* --- The machine --- */

enum { CONSOLE_DATA = 0x00, POWER = 0xf0 };

#ifdef __riscv_32e

#include <pg32.h>

#define out pg32_out
#define in pg32_in

#else

/* The board's devices by the numbers of PG32's ports (rv32/board.c), or a host's, which tests the runtime. */
void out(uint32_t port, uint32_t value);
uint32_t in(uint32_t port);

#endif

/* --- Between the files --- */

/* Instructions retired since reset, and time skipped: clock.c. */
uint64_t __instructions(void);

/* Halt until so many instructions' time since reset has passed: rv32/board.c. */
void __wait_until(uint64_t time);

/* One character more of formatted text; `where` is the caller's. */
typedef void put_function(void *where, char c);

/* How many characters `put` was given. */
int __format(put_function *put, void *where, const char *format, __builtin_va_list arguments);

/* Scan what `get` returns; `unget` takes the last character back. */
typedef int get_function(void *where);
typedef void unget_function(void *where, int c);

int __scan(get_function *get, unget_function *unget, void *where, const char *format, __builtin_va_list arguments);

#endif
