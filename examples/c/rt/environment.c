/* The environment is empty, but for what a program puts there itself. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *none[1];
char **environ = none;

/* The place of a variable of this name, of `length` characters, or of the null at the end. */
static char **find(const char *name, size_t length)
{
    char **at = environ;
    while (*at && (strncmp(*at, name, length) || (*at)[length] != '='))
        at++;
    return at;
}

static int is_name(const char *name)
{
    if (name && *name && !strchr(name, '='))
        return 1;
    errno = EINVAL;
    return 0;
}

char *getenv(const char *name)
{
    size_t length = strlen(name);
    char **at = find(name, length);
    return *at ? *at + length + 1 : NULL;
}

/* The text becomes part of the environment, and stays the caller's. */
int putenv(char *text)
{
    static char **made;
    char *equals = strchr(text, '=');
    if (!equals)
        return unsetenv(text);
    char **at = find(text, (size_t)(equals - text));
    if (!*at) {
        size_t count = (size_t)(at - environ);
        char **larger = realloc(environ == made ? made : NULL, (count + 2) * sizeof *larger);
        if (!larger)
            return -1;
        if (environ != made)
            memcpy(larger, environ, count * sizeof *larger);
        environ = made = larger;
        at = &environ[count];
        at[1] = NULL;
    }
    *at = text;
    return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
    if (!is_name(name))
        return -1;
    if (!overwrite && getenv(name))
        return 0;
    size_t length = strlen(name), more = strlen(value) + 1;
    char *text = malloc(length + 1 + more);
    if (!text)
        return -1;
    memcpy(text, name, length);
    text[length] = '=';
    memcpy(text + length + 1, value, more);
    return putenv(text);
}

int unsetenv(const char *name)
{
    if (!is_name(name))
        return -1;
    for (char **at = find(name, strlen(name)); *at; at++)
        at[0] = at[1];
    return 0;
}
