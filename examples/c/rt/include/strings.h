/* What POSIX has beside string.h. */
#ifndef _STRINGS_H
#define _STRINGS_H

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define bcopy(source, target, count) ((void)memmove(target, source, count))
#define bzero(target, count) ((void)memset(target, 0, count))
#define index(string, c) strchr(string, c)
#define rindex(string, c) strrchr(string, c)

int ffs(int value);

#ifdef __cplusplus
}
#endif

#endif
