/* Numbers in wide characters: they are read as bytes, as far as they have any. */
#pragma GCC optimize("Os")
#include <stdlib.h>
#include <wchar.h>

enum { ASCII = 128 };

/* The text as bytes, up to what has none. NULL if there is no memory. */
static char *narrow(const wchar_t *text)
{
    size_t length = 0;
    while (text[length] > 0 && text[length] < ASCII)
        length++;
    char *bytes = malloc(length + 1);
    if (bytes) {
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)text[i];
        bytes[length] = 0;
    }
    return bytes;
}

#define READ(type, call) \
    { \
        char *bytes = narrow(text), *behind = bytes; \
        type value = 0; \
        if (bytes) \
            value = call; \
        if (end) \
            *end = (wchar_t *)text + (behind - bytes); \
        free(bytes); \
        return value; \
    }

double wcstod(const wchar_t *restrict text, wchar_t **restrict end)
READ(double, strtod(bytes, &behind))

long wcstol(const wchar_t *restrict text, wchar_t **restrict end, int base)
READ(long, strtol(bytes, &behind, base))

long long wcstoll(const wchar_t *restrict text, wchar_t **restrict end, int base)
READ(long long, strtoll(bytes, &behind, base))

unsigned long wcstoul(const wchar_t *restrict text, wchar_t **restrict end, int base)
READ(unsigned long, strtoul(bytes, &behind, base))

unsigned long long wcstoull(const wchar_t *restrict text, wchar_t **restrict end, int base)
READ(unsigned long long, strtoull(bytes, &behind, base))
