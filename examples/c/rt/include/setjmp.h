/* Returning to where a program has been. */
#ifndef _SETJMP_H
#define _SETJMP_H

#ifdef __cplusplus
extern "C" {
#endif

/* ra, sp, and the registers that are saved by who is called */
#ifdef __riscv_32e
typedef unsigned long jmp_buf[4];
#else
typedef unsigned long jmp_buf[14];
#endif
typedef jmp_buf sigjmp_buf;

int setjmp(jmp_buf place) __attribute__((returns_twice));
void longjmp(jmp_buf place, int value) __attribute__((noreturn));
#define setjmp(place) setjmp(place)
#define _setjmp(place) setjmp(place)
#define _longjmp(place, value) longjmp(place, value)
#define sigsetjmp(place, mask) setjmp(place)
#define siglongjmp(place, value) longjmp(place, value)

#ifdef __cplusplus
}
#endif

#endif
