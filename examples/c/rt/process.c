/* The end of the program, and what surrounds it. */
#include <stdio.h>
#include <stdlib.h>
#include "rt.h"

enum { FUNCTIONS = 128 };

typedef void function(void);

/* Where each file's constructors and destructors are, in their order: the linker's. */
extern function *const __preinit_array_start[], *const __preinit_array_end[];
extern function *const __init_array_start[], *const __init_array_end[];
extern function *const __fini_array_start[], *const __fini_array_end[];

static struct {
    void (*function)(void *);
    void *argument;
} at_exit[FUNCTIONS];
static int functions;

/* C++'s: the destructor of an object. There are no shared objects that could go before the program does. */
int __cxa_atexit(void (*function)(void *), void *argument, void *object)
{
    (void)object;
    if (functions == FUNCTIONS)
        return -1;
    at_exit[functions].function = function;
    at_exit[functions++].argument = argument;
    return 0;
}

/* A function that takes nothing does not see what it is given. */
int atexit(void (*function)(void))
{
    return __cxa_atexit((void (*)(void *))(uintptr_t)function, NULL, NULL);
}

/* The last that was registered is the first; one may register others. */
void exit(int code)
{
    while (functions) {
        functions--;
        at_exit[functions].function(at_exit[functions].argument);
    }
    for (function *const *f = __fini_array_end; f > __fini_array_start;)
        (*--f)();
    _Exit(code);
}

int main(int argc, char **argv, char **environment);

/* start.s comes here. */
__attribute__((noreturn)) void __begin(int argc, char **argv, char **environment)
{
    for (function *const *f = __preinit_array_start; f < __preinit_array_end; f++)
        (*f)();
    for (function *const *f = __init_array_start; f < __init_array_end; f++)
        (*f)();
    exit(main(argc, argv, environment));
}

static function *at_quick[FUNCTIONS];
static int quick_functions;

int at_quick_exit(void (*function)(void))
{
    if (quick_functions == FUNCTIONS)
        return -1;
    at_quick[quick_functions++] = function;
    return 0;
}

void quick_exit(int code)
{
    while (quick_functions)
        at_quick[--quick_functions]();
    _Exit(code);
}

int system(const char *command)
{
    (void)command;
    return 0;
}
