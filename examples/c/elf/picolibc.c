/* picolibc's streams: all of them are the console. */
#include <stdio.h>

#include "../rt/include/pg32.h"

enum { CONSOLE_DATA = 0x00 };

static int put(char c, FILE *stream)
{
    (void)stream;
    pg32_out(CONSOLE_DATA, (unsigned char)c);
    return (unsigned char)c;
}

static int get(FILE *stream)
{
    (void)stream;
    unsigned byte = pg32_in(CONSOLE_DATA);
    return byte > 255 ? _FDEV_EOF : (int)byte;
}

static FILE console = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);

FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;
