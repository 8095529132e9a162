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

FILE *fdopen(int handle, const char *mode)
{
    (void)mode;
    if (handle >= 0 && handle <= 2)
        return handle == 0 ? stdin : handle == 1 ? stdout : stderr;
    errno = EBADF;
    return NULL;
}

FILE *popen(const char *command, const char *mode)
{
    (void)command;
    (void)mode;
    errno = ENOSYS;
    return NULL;
}

int pclose(FILE *stream)
{
    (void)stream;
    errno = ECHILD;
    return -1;
}

FILE *tmpfile(void)
{
    errno = EROFS;
    return NULL;
}

/* No file has the name, nor will one. */
char *tmpnam(char *name)
{
    static char own[L_tmpnam];
    static unsigned count;
    if (count == TMP_MAX)
        return NULL;
    if (!name)
        name = own;
    strcpy(name, "/tmp/rtaaa");
    unsigned rest = count++;
    for (char *at = name + 9; rest; rest /= 26)
        *at-- = (char)('a' + rest % 26);
    return name;
}

int fseek(FILE *stream, long offset, int from)
{
    (void)stream;
    (void)offset;
    (void)from;
    errno = ESPIPE;
    return -1;
}

int fseeko(FILE *stream, off_t offset, int from)
{
    return fseek(stream, offset, from);
}

int fgetpos(FILE *restrict stream, fpos_t *restrict position)
{
    (void)position;
    return fseek(stream, 0, SEEK_CUR);
}

int fsetpos(FILE *stream, const fpos_t *position)
{
    return fseek(stream, *position, SEEK_SET);
}

off_t ftello(FILE *stream)
{
    return fseek(stream, 0, SEEK_CUR);
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
