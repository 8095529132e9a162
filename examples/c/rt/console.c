/* The console, a byte at a time. */
#include <stdio.h>
#include "rt.h"

#undef putchar

int putchar(int c)
{
    out(CONSOLE_DATA, (uint8_t)c);
    return (uint8_t)c;
}

int puts(const char *string)
{
    while (*string)
        out(CONSOLE_DATA, (uint8_t)*string++);
    out(CONSOLE_DATA, '\n');
    return 0;
}
