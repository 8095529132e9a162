/* Between start.s and main() where the C library is not ring1's: constructors before, destructors behind. */
#include <stdlib.h>

typedef void function(void);

extern function *const __preinit_array_start[], *const __preinit_array_end[];
extern function *const __init_array_start[], *const __init_array_end[];
extern function *const __fini_array_start[], *const __fini_array_end[];

int main(int argc, char **argv, char **environment);

#ifdef _PICOLIBC__
#define finish() /* picolibc's exit() calls destructors itself */
#else
static void finish(void)
{
    for (function *const *f = __fini_array_end; f > __fini_array_start;)
        (*--f)();
}
#define finish() atexit(finish) /* what it registers first is called last */
#endif

void __begin(int argc, char **argv, char **environment)
{
    finish();
    for (function *const *f = __preinit_array_start; f < __preinit_array_end; f++)
        (*f)();
    for (function *const *f = __init_array_start; f < __init_array_end; f++)
        (*f)();
    exit(main(argc, argv, environment));
}
