/* sprintf() and its like: formatted text in memory. */
#pragma GCC optimize("Os")
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

struct target {
    char *at;
    size_t room;
};

static void to_memory(void *where, char c)
{
    struct target *target = where;
    if (target->room) {
        *target->at++ = c;
        target->room--;
    }
}

int vsnprintf(char *restrict memory, size_t size, const char *restrict format, va_list arguments)
{
    struct target target = {memory, size ? size - 1 : 0};
    int count = __format(to_memory, &target, format, arguments);
    if (size)
        *target.at = 0;
    return count;
}

int snprintf(char *restrict memory, size_t size, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(memory, size, format, arguments);
    va_end(arguments);
    return count;
}

int vsprintf(char *restrict memory, const char *restrict format, va_list arguments)
{
    return vsnprintf(memory, PTRDIFF_MAX, format, arguments);
}

int sprintf(char *restrict memory, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vsprintf(memory, format, arguments);
    va_end(arguments);
    return count;
}
