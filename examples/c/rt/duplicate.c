/* Strings with memory of their own. */
#include <stdlib.h>
#include <string.h>
#include "rt.h"

static char *duplicate(const char *string, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, string, length);
        copy[length] = 0;
    }
    return copy;
}

char *strdup(const char *string)
{
    return duplicate(string, strlen(string));
}

char *strndup(const char *string, size_t count)
{
    return duplicate(string, strnlen(string, count));
}
