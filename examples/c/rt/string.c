/* Strings. */
#include <string.h>
#include "rt.h"

size_t strlen(const char *string)
{
    const char *end = string;
    while (*end)
        end++;
    return (size_t)(end - string);
}

size_t strnlen(const char *string, size_t count)
{
    size_t length = 0;
    while (length < count && string[length])
        length++;
    return length;
}

/* By a name of its own: GCC would take stpcpy() for strcpy() where the result is not used. */
static inline char *copy(char *restrict target, const char *restrict source)
{
    while ((*target = *source)) {
        target++;
        source++;
    }
    return target;
}

char *stpcpy(char *restrict target, const char *restrict source)
{
    return copy(target, source);
}

char *strcpy(char *restrict target, const char *restrict source)
{
    copy(target, source);
    return target;
}

char *strncpy(char *restrict target, const char *restrict source, size_t count)
{
    size_t i = 0;
    for (; i < count && source[i]; i++)
        target[i] = source[i];
    for (; i < count; i++)
        target[i] = 0;
    return target;
}

char *strcat(char *restrict target, const char *restrict source)
{
    copy(target + strlen(target), source);
    return target;
}

char *strncat(char *restrict target, const char *restrict source, size_t count)
{
    char *to = target + strlen(target);
    while (count-- && *source)
        *to++ = *source++;
    *to = 0;
    return target;
}

size_t strlcpy(char *restrict target, const char *restrict source, size_t size)
{
    size_t length = strlen(source);
    if (size) {
        size_t count = length < size ? length : size - 1;
        memcpy(target, source, count);
        target[count] = 0;
    }
    return length;
}

size_t strlcat(char *restrict target, const char *restrict source, size_t size)
{
    size_t before = strnlen(target, size);
    return before + strlcpy(target + before, source, size - before);
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcoll(const char *a, const char *b)
{
    return strcmp(a, b);
}

size_t strxfrm(char *restrict target, const char *restrict source, size_t count)
{
    return strlcpy(target, source, count);
}

char *strchrnul(const char *string, int c)
{
    while (*string && *string != (char)c)
        string++;
    return (char *)string;
}

char *strchr(const char *string, int c)
{
    char *found = strchrnul(string, c);
    return *found == (char)c ? found : NULL;
}

char *strrchr(const char *string, int c)
{
    return memrchr(string, c, strlen(string) + 1);
}

size_t strspn(const char *string, const char *accept)
{
    size_t length = 0;
    while (string[length] && strchr(accept, string[length]))
        length++;
    return length;
}

size_t strcspn(const char *string, const char *reject)
{
    size_t length = 0;
    while (string[length] && !strchr(reject, string[length]))
        length++;
    return length;
}

char *strpbrk(const char *string, const char *accept)
{
    string += strcspn(string, accept);
    return *string ? (char *)string : NULL;
}

char *strstr(const char *string, const char *part)
{
    return memmem(string, strlen(string), part, strlen(part));
}

char *strsep(char **string, const char *delimiters)
{
    char *token = *string;
    if (!token)
        return NULL;
    char *end = token + strcspn(token, delimiters);
    if (*end) {
        *end = 0;
        *string = end + 1;
    } else {
        *string = NULL;
    }
    return token;
}

char *strtok_r(char *restrict string, const char *restrict delimiters, char **restrict rest)
{
    if (!string)
        string = *rest;
    if (!string)
        return NULL;
    string += strspn(string, delimiters);
    *rest = string;
    return *string ? strsep(rest, delimiters) : NULL;
}

char *strtok(char *restrict string, const char *restrict delimiters)
{
    static char *rest;
    return strtok_r(string, delimiters, &rest);
}
