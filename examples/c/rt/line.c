/* Lines of any length. */
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

long getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict stream)
{
    size_t length = 0;
    for (;;) {
        if (!*line || length + 1 >= *size) {
            size_t larger = *line && *size >= 64 ? 2 * *size : 128;
            char *moved = realloc(*line, larger);
            if (!moved)
                return -1;
            *line = moved;
            *size = larger;
        }
        int c = fgetc(stream);
        if (c == EOF)
            break;
        (*line)[length++] = (char)c;
        if (c == end)
            break;
    }
    (*line)[length] = 0;
    return length ? (long)length : -1;
}

long getline(char **restrict line, size_t *restrict size, FILE *restrict stream)
{
    return getdelim(line, size, '\n', stream);
}
