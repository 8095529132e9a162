/* A small scripting language in the manner of Lua: numbers, strings that exist once, tables, functions as values; a
 * source text is compiled in one pass (script_compile.c) for a machine with registers (script_machine.c). */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "../kernels/kernel.h"

enum { MOST_CODE = 256, MOST_CONSTANTS = 64 };

enum type { NIL, BOOLEAN, NUMBER, STRING, TABLE, FUNCTION, NATIVE };

struct value {
    enum type type;
    union {
        int32_t number; /* and a boolean */
        struct string *string;
        struct table *table;
        struct function *function;
        struct value (*native)(const struct value *arguments, int count);
    };
};

struct string {
    struct string *next; /* of those with the same place in the table of all */
    uint32_t hash, length;
    char text[];
};

struct entry {
    struct value key, value;
};

/* Keys 1 to `count` in the array, others by open addressing. */
struct table {
    struct value *array;
    struct entry *entries;
    int32_t count, room, used, slots /* a power of 2, or 0 */;
};

struct function {
    uint32_t code[MOST_CODE];
    struct value constants[MOST_CONSTANTS];
    int parameters, size, known, registers;
};

/* An instruction: operation, and A, B, C of 8 bits from the lowest; B and C from 128 on are constants. */
enum operation {
    MOVE, /* A = B */
    GLOBAL, SET_GLOBAL, /* A = the global named B; the global named A = B */
    NEW, GET, SET, /* A = {}; A = B[C]; A[B] = C */
    ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, JOIN, /* A = B op C */
    EQUAL, UNEQUAL, LESS, NOT_ABOVE, /* A = B op C */
    LENGTH, NOT, NEGATE, /* A = op B */
    JUMP, IF_NOT, IF, /* by B, C as one signed number; if A is not or is true */
    STEP, /* A += 1, and if A is not above A + 1, by B, C */
    CALL, /* A = A(A + 1, ..., A + B) */
    RETURN, /* B */
};

/* A program with errors, or one that needs more than there is, ends the machine. */
static inline void fail(void)
{
    __builtin_trap();
}

static inline struct value number(int32_t n)
{
    return (struct value){NUMBER, {n}};
}

static inline struct value truth(int is)
{
    return (struct value){BOOLEAN, {is}};
}

static inline int same(struct value a, struct value b)
{
    if (a.type != b.type)
        return 0;
    return a.type <= NUMBER ? a.type == NIL || a.number == b.number : a.string == b.string;
}

/* script_machine.c: memory, which is given back all at once; strings; global variables; execution. */
extern uint32_t executed;
void *allocate(uint32_t size);
struct value make_string(const char *text, uint32_t length);
void set_global(struct value name, struct value v);
void run_script(const char *text); /* having forgotten everything before */
uint32_t result(const char *name, uint32_t length); /* a global variable that is a number */

/* script_compile.c: what a text does; the functions in it become global variables at once. */
const struct function *compile(const char *text);

#endif
