/* Files: there are none, and the streams cannot be rewound. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "rt.h"

FILE *fopen(const char *restrict name, const char *restrict mode)
{
    (void)name;
    (void)mode;
    errno = ENOENT;
    return NULL;
}

FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict stream)
{
    (void)stream;
    return fopen(name, mode);
}

int fseek(FILE *stream, long offset, int from)
{
    (void)stream;
    (void)offset;
    (void)from;
    errno = EINVAL;
    return -1;
}

long ftell(FILE *stream)
{
    return fseek(stream, 0, SEEK_CUR);
}

void rewind(FILE *stream)
{
    clearerr(stream);
}

int remove(const char *name)
{
    (void)name;
    errno = ENOENT;
    return -1;
}

int rename(const char *from, const char *to)
{
    (void)to;
    return remove(from);
}

void perror(const char *prefix)
{
    if (prefix && *prefix)
        fprintf(stderr, "%s: ", prefix);
    fprintf(stderr, "%s\n", strerror(errno));
}
