/* Strings compared without regard to capitals. */
#include <ctype.h>
#include <string.h>
#include "rt.h"

int strncasecmp(const char *a, const char *b, size_t count)
{
    for (; count; count--, a++, b++) {
        int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);
        if (x != y || !x)
            return x - y;
    }
    return 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, SIZE_MAX);
}
