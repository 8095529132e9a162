/* printf() and its like: what a format makes goes to the console or to memory. */
#pragma GCC optimize("Os")
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

static void to_stream(void *where, char c)
{
    fputc(c, where);
}

int vfprintf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
    return __format(to_stream, stream, format, arguments);
}

int fprintf(FILE *restrict stream, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vfprintf(stream, format, arguments);
    va_end(arguments);
    return count;
}

int vprintf(const char *restrict format, va_list arguments)
{
    return vfprintf(stdout, format, arguments);
}

int printf(const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vprintf(format, arguments);
    va_end(arguments);
    return count;
}

int dprintf(int handle, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vfprintf(handle == 2 ? stderr : stdout, format, arguments);
    va_end(arguments);
    return count;
}
