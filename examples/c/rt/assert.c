/* A condition that does not hold. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

void __assert_fail(const char *condition, const char *file, unsigned line, const char *function)
{
    fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, condition);
    abort();
}
