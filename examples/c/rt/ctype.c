/* Kinds of characters: ASCII, whatever the argument. */
#include <ctype.h>
#include "rt.h"

static int between(int low, int c, int high)
{
    return c >= low && c <= high;
}

int isdigit(int c)
{
    return between('0', c, '9');
}

int islower(int c)
{
    return between('a', c, 'z');
}

int isupper(int c)
{
    return between('A', c, 'Z');
}

int isalpha(int c)
{
    return islower(c | 32);
}

int isalnum(int c)
{
    return isalpha(c) || isdigit(c);
}

int isblank(int c)
{
    return c == ' ' || c == '\t';
}

int iscntrl(int c)
{
    return between(0, c, 31) || c == 127;
}

int isgraph(int c)
{
    return between(33, c, 126);
}

int isprint(int c)
{
    return between(32, c, 126);
}

int ispunct(int c)
{
    return isgraph(c) && !isalnum(c);
}

int isspace(int c)
{
    return c == ' ' || between('\t', c, '\r');
}

int isxdigit(int c)
{
    return isdigit(c) || between('a', c | 32, 'f');
}

int tolower(int c)
{
    return isupper(c) ? c + 32 : c;
}

int toupper(int c)
{
    return islower(c) ? c - 32 : c;
}
