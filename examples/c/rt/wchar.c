/* Wide characters in the locale "C": one byte for each from 0 to 127, none for others. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "rt.h"

enum { ASCII = 128 };

static size_t illegal(void)
{
    errno = EILSEQ;
    return (size_t)-1;
}

wint_t btowc(int c) { return c >= 0 && c < ASCII ? (wint_t)c : WEOF; }
int wctob(wint_t c) { return c < ASCII ? (int)c : EOF; }
int mbsinit(const mbstate_t *state) { return (void)state, 1; }

size_t mbrtowc(wchar_t *restrict wide, const char *restrict bytes, size_t count, mbstate_t *restrict state)
{
    (void)state;
    if (!bytes)
        return 0;
    if (!count)
        return (size_t)-2;
    unsigned char c = (unsigned char)*bytes;
    if (c >= ASCII)
        return illegal();
    if (wide)
        *wide = c;
    return c != 0;
}

size_t mbrlen(const char *restrict bytes, size_t count, mbstate_t *restrict state)
{
    return mbrtowc(NULL, bytes, count, state);
}

size_t wcrtomb(char *restrict bytes, wchar_t wide, mbstate_t *restrict state)
{
    (void)state;
    if (!bytes)
        return 1;
    if ((wint_t)wide >= ASCII)
        return illegal();
    *bytes = (char)wide;
    return 1;
}

size_t mbsrtowcs(wchar_t *restrict target, const char **restrict source, size_t count, mbstate_t *restrict state)
{
    const char *from = *source;
    (void)state;
    for (size_t i = 0; !target || i < count; i++) {
        unsigned char c = (unsigned char)from[i];
        if (c >= ASCII) {
            if (target)
                *source = from + i;
            return illegal();
        }
        if (target)
            target[i] = c;
        if (!c) {
            if (target)
                *source = NULL;
            return i;
        }
    }
    *source = from + count;
    return count;
}

size_t wcsrtombs(char *restrict target, const wchar_t **restrict source, size_t count, mbstate_t *restrict state)
{
    const wchar_t *from = *source;
    (void)state;
    for (size_t i = 0; !target || i < count; i++) {
        if ((wint_t)from[i] >= ASCII) {
            if (target)
                *source = from + i;
            return illegal();
        }
        if (target)
            target[i] = (char)from[i];
        if (!from[i]) {
            if (target)
                *source = NULL;
            return i;
        }
    }
    *source = from + count;
    return count;
}

int mblen(const char *bytes, size_t count) { return mbtowc(NULL, bytes, count); }

int mbtowc(wchar_t *restrict wide, const char *restrict bytes, size_t count)
{
    size_t length = mbrtowc(wide, bytes, count, NULL);
    return length > 1 ? -1 : (int)length;
}

int wctomb(char *bytes, wchar_t wide) { return bytes ? (int)wcrtomb(bytes, wide, NULL) : 0; }

size_t mbstowcs(wchar_t *restrict target, const char *restrict source, size_t count)
{
    const char *from = source;
    return mbsrtowcs(target, &from, count, NULL);
}

size_t wcstombs(char *restrict target, const wchar_t *restrict source, size_t count)
{
    const wchar_t *from = source;
    return wcsrtombs(target, &from, count, NULL);
}

/* --- Streams --- */

wint_t fgetwc(FILE *stream)
{
    int c = fgetc(stream);
    if (c >= ASCII)
        errno = EILSEQ;
    return c == EOF ? WEOF : btowc(c);
}

wint_t fputwc(wchar_t c, FILE *stream)
{
    if ((wint_t)c >= ASCII) {
        errno = EILSEQ;
        return WEOF;
    }
    return fputc(c, stream) == EOF ? WEOF : (wint_t)c;
}

wint_t getwchar(void) { return fgetwc(stdin); }
wint_t putwchar(wchar_t c) { return fputwc(c, stdout); }

int fputws(const wchar_t *restrict string, FILE *restrict stream)
{
    for (; *string; string++)
        if (fputwc(*string, stream) == WEOF)
            return -1;
    return 0;
}

/* --- Strings --- */

size_t wcslen(const wchar_t *string)
{
    size_t length = 0;
    while (string[length])
        length++;
    return length;
}

wchar_t *wmemcpy(wchar_t *restrict target, const wchar_t *restrict source, size_t count)
{
    return memcpy(target, source, count * sizeof *target);
}

wchar_t *wmemmove(wchar_t *target, const wchar_t *source, size_t count)
{
    return memmove(target, source, count * sizeof *target);
}

wchar_t *wmemset(wchar_t *target, wchar_t c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        target[i] = c;
    return target;
}

wchar_t *wmemchr(const wchar_t *memory, wchar_t c, size_t count)
{
    for (; count; count--, memory++)
        if (*memory == c)
            return (wchar_t *)memory;
    return NULL;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

wchar_t *wcscpy(wchar_t *restrict target, const wchar_t *restrict source)
{
    return wmemcpy(target, source, wcslen(source) + 1);
}

wchar_t *wcsncpy(wchar_t *restrict target, const wchar_t *restrict source, size_t count)
{
    size_t i = 0;
    for (; i < count && source[i]; i++)
        target[i] = source[i];
    wmemset(target + i, 0, count - i);
    return target;
}

wchar_t *wcscat(wchar_t *restrict target, const wchar_t *restrict source)
{
    wcscpy(target + wcslen(target), source);
    return target;
}

wchar_t *wcsncat(wchar_t *restrict target, const wchar_t *restrict source, size_t count)
{
    wchar_t *at = target + wcslen(target);
    while (count-- && *source)
        *at++ = *source++;
    *at = 0;
    return target;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b || !*a)
            return *a == *b ? 0 : *a < *b ? -1 : 1;
    return 0;
}

int wcscmp(const wchar_t *a, const wchar_t *b) { return wcsncmp(a, b, (size_t)-1); }
int wcscoll(const wchar_t *a, const wchar_t *b) { return wcscmp(a, b); }

wchar_t *wcschr(const wchar_t *string, wchar_t c) { return wmemchr(string, c, wcslen(string) + 1); }

wchar_t *wcsrchr(const wchar_t *string, wchar_t c)
{
    for (size_t i = wcslen(string) + 1; i--;)
        if (string[i] == c)
            return (wchar_t *)string + i;
    return NULL;
}

size_t wcsspn(const wchar_t *string, const wchar_t *accept)
{
    size_t i = 0;
    while (string[i] && wcschr(accept, string[i]))
        i++;
    return i;
}

size_t wcscspn(const wchar_t *string, const wchar_t *reject)
{
    size_t i = 0;
    while (string[i] && !wcschr(reject, string[i]))
        i++;
    return i;
}

wchar_t *wcspbrk(const wchar_t *string, const wchar_t *accept)
{
    string += wcscspn(string, accept);
    return *string ? (wchar_t *)string : NULL;
}

wchar_t *wcsstr(const wchar_t *string, const wchar_t *part)
{
    size_t length = wcslen(part);
    for (;; string++) {
        if (wcsncmp(string, part, length) == 0)
            return (wchar_t *)string;
        if (!*string)
            return NULL;
    }
}

wchar_t *wcstok(wchar_t *restrict string, const wchar_t *restrict delimiters, wchar_t **restrict rest)
{
    if (!string)
        string = *rest;
    if (!string)
        return NULL;
    string += wcsspn(string, delimiters);
    if (!*string) {
        *rest = NULL;
        return NULL;
    }
    wchar_t *end = string + wcscspn(string, delimiters);
    *rest = *end ? end + 1 : NULL;
    *end = 0;
    return string;
}
