/* Wide characters, in the locale "C": those from 0 to 127 are characters of one byte, no others have bytes. Formatted wide
 * input and output are not there. */
#ifndef _WCHAR_H
#define _WCHAR_H

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef __WINT_TYPE__ wint_t;
typedef struct {
    unsigned __unused;
} mbstate_t;

struct tm;

#define WEOF ((wint_t)-1)
#ifndef WCHAR_MAX
#define WCHAR_MAX __WCHAR_MAX__
#define WCHAR_MIN __WCHAR_MIN__
#endif

wint_t btowc(int c);
int wctob(wint_t c);
int mbsinit(const mbstate_t *state);
size_t mbrlen(const char *__restrict bytes, size_t count, mbstate_t *__restrict state);
size_t mbrtowc(wchar_t *__restrict wide, const char *__restrict bytes, size_t count, mbstate_t *__restrict state);
size_t wcrtomb(char *__restrict bytes, wchar_t wide, mbstate_t *__restrict state);
size_t mbsrtowcs(wchar_t *__restrict target, const char **__restrict source, size_t count, mbstate_t *__restrict state);
size_t wcsrtombs(char *__restrict target, const wchar_t **__restrict source, size_t count, mbstate_t *__restrict state);

wint_t fgetwc(FILE *stream);
wint_t fputwc(wchar_t c, FILE *stream);
wint_t getwchar(void);
wint_t putwchar(wchar_t c);
int fputws(const wchar_t *__restrict string, FILE *__restrict stream);

wchar_t *wcscat(wchar_t *__restrict target, const wchar_t *__restrict source);
wchar_t *wcschr(const wchar_t *string, wchar_t c);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcscoll(const wchar_t *a, const wchar_t *b);
wchar_t *wcscpy(wchar_t *__restrict target, const wchar_t *__restrict source);
size_t wcscspn(const wchar_t *string, const wchar_t *reject);
size_t wcslen(const wchar_t *string);
wchar_t *wcsncat(wchar_t *__restrict target, const wchar_t *__restrict source, size_t count);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *wcsncpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t count);
wchar_t *wcspbrk(const wchar_t *string, const wchar_t *accept);
wchar_t *wcsrchr(const wchar_t *string, wchar_t c);
size_t wcsspn(const wchar_t *string, const wchar_t *accept);
wchar_t *wcsstr(const wchar_t *string, const wchar_t *part);
wchar_t *wcstok(wchar_t *__restrict string, const wchar_t *__restrict delimiters, wchar_t **__restrict rest);
wchar_t *wmemchr(const wchar_t *memory, wchar_t c, size_t count);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *wmemcpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t count);
wchar_t *wmemmove(wchar_t *target, const wchar_t *source, size_t count);
wchar_t *wmemset(wchar_t *target, wchar_t c, size_t count);

double wcstod(const wchar_t *__restrict text, wchar_t **__restrict end);
long wcstol(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
long long wcstoll(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
unsigned long wcstoul(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
unsigned long long wcstoull(const wchar_t *__restrict text, wchar_t **__restrict end, int base);

#ifdef __cplusplus
}
#endif

#endif
