/* Memory, numbers, sorting, random numbers, the end of the program. */
#ifndef _STDLIB_H
#define _STDLIB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7fffffff
#define MB_CUR_MAX 1

typedef struct {
    int quot, rem;
} div_t;
typedef struct {
    long quot, rem;
} ldiv_t;
typedef struct {
    long long quot, rem;
} lldiv_t;

void *aligned_alloc(size_t alignment, size_t size);
void *calloc(size_t count, size_t size);
void free(void *block);
void *malloc(size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);
void *realloc(void *block, size_t size);
void *reallocarray(void *block, size_t count, size_t size);

int abs(int value);
long labs(long value);
long long llabs(long long value);
div_t div(int a, int b);
ldiv_t ldiv(long a, long b);
lldiv_t lldiv(long long a, long long b);

double atof(const char *text);
int atoi(const char *text);
long atol(const char *text);
long long atoll(const char *text);
double strtod(const char *__restrict text, char **__restrict end);
float strtof(const char *__restrict text, char **__restrict end);
long strtol(const char *__restrict text, char **__restrict end, int base);
long long strtoll(const char *__restrict text, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict text, char **__restrict end, int base);
unsigned long long strtoull(const char *__restrict text, char **__restrict end, int base);

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

int rand(void);
int rand_r(unsigned *state);
long random(void);
void srand(unsigned state);
void srandom(unsigned state);

void abort(void) __attribute__((noreturn));
int atexit(void (*function)(void));
void exit(int code) __attribute__((noreturn));
void _Exit(int code) __attribute__((noreturn));
int at_quick_exit(void (*function)(void));
void quick_exit(int code) __attribute__((noreturn));
char *getenv(const char *name);
int putenv(char *text);
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);

int mblen(const char *bytes, size_t count);
int mbtowc(wchar_t *__restrict wide, const char *__restrict bytes, size_t count);
int wctomb(char *bytes, wchar_t wide);
size_t mbstowcs(wchar_t *__restrict target, const char *__restrict source, size_t count);
size_t wcstombs(char *__restrict target, const wchar_t *__restrict source, size_t count);

int system(const char *command);

#define alloca(size) __builtin_alloca(size)

#ifdef __cplusplus
}
#endif

#endif
