/* The number of what went wrong last, and its text. */
#include <errno.h>
#include <string.h>
#include "rt.h"

int errno;

char *strerror(int number)
{
    switch (number) {
    case 0:
        return "Success";
    case ENOENT:
        return "No such file or directory";
    case ENOMEM:
        return "Cannot allocate memory";
    case EINVAL:
        return "Invalid argument";
    case EDOM:
        return "Numerical argument out of domain";
    case ERANGE:
        return "Numerical result out of range";
    default:
        return "Unknown error";
    }
}
