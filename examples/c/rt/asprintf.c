/* Formatted text with memory of its own. */
#pragma GCC optimize("Os")
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

int vasprintf(char **restrict memory, const char *restrict format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int count = vsnprintf(NULL, 0, format, arguments);
    *memory = malloc((size_t)count + 1);
    if (*memory)
        vsnprintf(*memory, (size_t)count + 1, format, again);
    va_end(again);
    return *memory ? count : -1;
}

int asprintf(char **restrict memory, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vasprintf(memory, format, arguments);
    va_end(arguments);
    return count;
}
