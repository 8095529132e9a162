/* The locale "C", and no other. */
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>

char *setlocale(int category, const char *locale)
{
    static char name[] = "C";
    if (category < LC_CTYPE || category > LC_ALL)
        return NULL;
    if (locale && *locale && strcmp(locale, "C") && strcmp(locale, "POSIX"))
        return NULL;
    return name;
}

struct lconv *localeconv(void)
{
    static char nothing[] = "", point[] = ".";
    static struct lconv known;
    known = (struct lconv){
        point, nothing, nothing,
        nothing, nothing, nothing, nothing, nothing, nothing, nothing,
        CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX,
        CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX,
    };
    return &known;
}
