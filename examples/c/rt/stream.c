/* Streams: all of them are the console. Nothing is buffered but the characters that ungetc() was given. */
#pragma GCC optimize("Os")
#include <stdio.h>
#include "rt.h"

enum { PUSHED = 4 };

struct __stream {
    int handle;
    bool ended, wrong;
    int pushed;
    unsigned char back[PUSHED];
};

static struct __stream streams[3] = {{.handle = 0}, {.handle = 1}, {.handle = 2}};

FILE *const stdin = &streams[0], *const stdout = &streams[1], *const stderr = &streams[2];

/* --- Input --- */

int fgetc(FILE *stream)
{
    if (stream->pushed)
        return stream->back[--stream->pushed];
    if (stream->handle != 0) {
        stream->wrong = true;
        return EOF;
    }
    uint32_t byte = in(CONSOLE_DATA);
    if (byte > 255) {
        stream->ended = true;
        return EOF;
    }
    return (int)byte;
}

int getc(FILE *stream)
{
    return fgetc(stream);
}

int getchar(void)
{
    return fgetc(stdin);
}

int ungetc(int c, FILE *stream)
{
    if (c == EOF || stream->pushed == PUSHED)
        return EOF;
    stream->back[stream->pushed++] = (unsigned char)c;
    stream->ended = false;
    return (unsigned char)c;
}

char *fgets(char *restrict line, int size, FILE *restrict stream)
{
    char *at = line;
    while (size > 1) {
        int c = fgetc(stream);
        if (c == EOF)
            break;
        *at++ = (char)c;
        size--;
        if (c == '\n')
            break;
    }
    if (at == line)
        return NULL;
    *at = 0;
    return line;
}

size_t fread(void *restrict memory, size_t size, size_t count, FILE *restrict stream)
{
    unsigned char *to = memory;
    size_t bytes = size * count;
    for (size_t i = 0; i < bytes; i++) {
        int c = fgetc(stream);
        if (c == EOF)
            return i / size;
        to[i] = (unsigned char)c;
    }
    return size ? count : 0;
}

/* --- Output --- */

int fputc(int c, FILE *stream)
{
    if (stream->handle == 0) {
        stream->wrong = true;
        return EOF;
    }
    return putchar(c);
}

int putc(int c, FILE *stream)
{
    return fputc(c, stream);
}

int fputs(const char *restrict string, FILE *restrict stream)
{
    while (*string)
        if (fputc(*string++, stream) == EOF)
            return EOF;
    return 0;
}

size_t fwrite(const void *restrict memory, size_t size, size_t count, FILE *restrict stream)
{
    const unsigned char *from = memory;
    size_t bytes = size * count;
    for (size_t i = 0; i < bytes; i++)
        if (fputc(from[i], stream) == EOF)
            return i / size;
    return size ? count : 0;
}

/* --- State --- */

void clearerr(FILE *stream)
{
    stream->ended = stream->wrong = false;
}

int feof(FILE *stream)
{
    return stream->ended;
}

int ferror(FILE *stream)
{
    return stream->wrong;
}

int fileno(FILE *stream)
{
    return stream->handle;
}

int fflush(FILE *stream)
{
    (void)stream;
    return 0;
}

int fclose(FILE *stream)
{
    (void)stream;
    return 0;
}

void setbuf(FILE *restrict stream, char *restrict buffer)
{
    (void)stream;
    (void)buffer;
}

int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size)
{
    (void)stream;
    (void)buffer;
    (void)mode;
    (void)size;
    return 0;
}
