/* scanf() and its like. */
#pragma GCC optimize("Os")
#include <stdio.h>
#include "rt.h"

static int from_stream(void *where)
{
    return fgetc(where);
}

static void to_stream(void *where, int c)
{
    ungetc(c, where);
}

static int from_text(void *where)
{
    const char **at = where;
    return **at ? (unsigned char)*(*at)++ : EOF;
}

static void to_text(void *where, int c)
{
    const char **at = where;
    (void)c;
    --*at;
}

int vfscanf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
    return __scan(from_stream, to_stream, stream, format, arguments);
}

int fscanf(FILE *restrict stream, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int done = vfscanf(stream, format, arguments);
    va_end(arguments);
    return done;
}

int vscanf(const char *restrict format, va_list arguments)
{
    return vfscanf(stdin, format, arguments);
}

int scanf(const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int done = vscanf(format, arguments);
    va_end(arguments);
    return done;
}

int vsscanf(const char *restrict text, const char *restrict format, va_list arguments)
{
    const char *at = text;
    return __scan(from_text, to_text, &at, format, arguments);
}

int sscanf(const char *restrict text, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int done = vsscanf(text, format, arguments);
    va_end(arguments);
    return done;
}
