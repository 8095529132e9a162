/* Forth: an outer interpreter that compiles words to cells, and an inner one that runs them, a cell at a time, a number
 * below PRIMITIVES being done at once and any other called. */
#include "../kernels/kernel.h"

enum { ROUNDS = 700, MEMORY = 8192, DEPTH = 128, WORDS = 96, NAME = 12 };

enum primitive {
    EXIT, LITERAL, BRANCH, BRANCH_IF_ZERO, DO, LOOP, INDEX, OUTER_INDEX,
    DUP, DROP, SWAP, OVER, ROT, TO_R, FROM_R,
    PLUS, MINUS, TIMES, DIVIDE, MOD, AND, OR, XOR, LEFT, RIGHT,
    EQUAL, LESS, ZERO_EQUAL,
    FETCH, STORE, ADD_TO, C_FETCH, C_STORE, EMIT,
    PRIMITIVES,
};

/* Words without a name in a text have " " for one. */
static const char *const names[PRIMITIVES] = {
    "exit", " ", " ", " ", " ", " ", "i", "j",
    "dup", "drop", "swap", "over", "rot", ">r", "r>",
    "+", "-", "*", "/", "mod", "and", "or", "xor", "lshift", "rshift",
    "=", "<", "0=",
    "@", "!", "+!", "c@", "c!", "emit",
};

struct word {
    char name[NAME];
    int32_t cell; /* a primitive, or the address of its cells */
};

static int32_t memory[MEMORY], stack[DEPTH], returns[DEPTH];
static int32_t here = PRIMITIVES; /* the next free cell; addresses are numbers of cells */
static int32_t *top = stack; /* the topmost element */
static struct word words[WORDS];
static int word_count;
static uint32_t emitted, executed;

static void check(int holds)
{
    if (!holds)
        __builtin_trap();
}

/* --- The inner interpreter --- */

KERNEL static void run(int32_t first)
{
    int32_t ip = first, *r = returns, *s = top, a;
    uint32_t count = 0;
    *r = -1;
    while (ip >= 0) {
        int32_t cell = memory[ip++];
        count++;
        check(s >= stack && s < stack + DEPTH - 2 && r < returns + DEPTH - 3);
        switch (cell) {
        case EXIT:
            ip = *r--;
            break;
        case LITERAL:
            *++s = memory[ip++];
            break;
        case BRANCH:
            ip = memory[ip];
            break;
        case BRANCH_IF_ZERO:
            ip = *s-- ? ip + 1 : memory[ip];
            break;
        case DO:
            r += 2;
            r[-1] = s[-1];
            r[0] = s[0];
            s -= 2;
            break;
        case LOOP:
            if (++r[0] < r[-1]) {
                ip = memory[ip];
            } else {
                r -= 2;
                ip++;
            }
            break;
        case INDEX:
            *++s = r[0];
            break;
        case OUTER_INDEX:
            *++s = r[-2];
            break;
        case DUP:
            s[1] = s[0];
            s++;
            break;
        case DROP:
            s--;
            break;
        case SWAP:
            a = s[0];
            s[0] = s[-1];
            s[-1] = a;
            break;
        case OVER:
            s[1] = s[-1];
            s++;
            break;
        case ROT:
            a = s[-2];
            s[-2] = s[-1];
            s[-1] = s[0];
            s[0] = a;
            break;
        case TO_R:
            *++r = *s--;
            break;
        case FROM_R:
            *++s = *r--;
            break;
        case PLUS:
            s--;
            s[0] = (int32_t)((uint32_t)s[0] + (uint32_t)s[1]);
            break;
        case MINUS:
            s--;
            s[0] = (int32_t)((uint32_t)s[0] - (uint32_t)s[1]);
            break;
        case TIMES:
            s--;
            s[0] = (int32_t)((uint32_t)s[0] * (uint32_t)s[1]);
            break;
        case DIVIDE:
            s--;
            s[0] = s[1] > 0 ? s[0] / s[1] : 0;
            break;
        case MOD:
            s--;
            s[0] = s[1] > 0 ? s[0] % s[1] : 0;
            break;
        case AND:
            s--;
            s[0] &= s[1];
            break;
        case OR:
            s--;
            s[0] |= s[1];
            break;
        case XOR:
            s--;
            s[0] ^= s[1];
            break;
        case LEFT:
            s--;
            s[0] = (int32_t)((uint32_t)s[0] << (s[1] & 31));
            break;
        case RIGHT:
            s--;
            s[0] = (int32_t)((uint32_t)s[0] >> (s[1] & 31));
            break;
        case EQUAL:
            s--;
            s[0] = -(s[0] == s[1]);
            break;
        case LESS:
            s--;
            s[0] = -(s[0] < s[1]);
            break;
        case ZERO_EQUAL:
            s[0] = -(s[0] == 0);
            break;
        case FETCH:
            s[0] = memory[s[0] & (MEMORY - 1)];
            break;
        case STORE:
            memory[s[0] & (MEMORY - 1)] = s[-1];
            s -= 2;
            break;
        case ADD_TO:
            memory[s[0] & (MEMORY - 1)] += s[-1];
            s -= 2;
            break;
        case C_FETCH: /* the address of a byte is four times that of its cell, and more */
            s[0] = ((uint8_t *)memory)[s[0] & (4 * MEMORY - 1)];
            break;
        case C_STORE:
            ((uint8_t *)memory)[s[0] & (4 * MEMORY - 1)] = (uint8_t)s[-1];
            s -= 2;
            break;
        case EMIT:
            emitted = fold(emitted, (uint32_t)*s--);
            break;
        default:
            *++r = ip;
            ip = cell;
        }
    }
    top = s;
    executed += count;
}

/* --- The outer interpreter --- */

static const char *source;
static char token[NAME];

static int next_token(void)
{
    int length = 0;
    while (*source == ' ')
        source++;
    while (*source && *source != ' ') {
        check(length < NAME - 1);
        token[length++] = *source++;
    }
    token[length] = 0;
    return length;
}

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static int is(const char *text)
{
    return same(token, text);
}

static void compile(int32_t cell)
{
    check(here < MEMORY);
    memory[here++] = cell;
}

static void define(const char *name, int32_t cell)
{
    check(word_count < WORDS);
    struct word *word = &words[word_count++];
    for (int n = 0; (word->name[n] = name[n]); n++)
        ;
    word->cell = cell;
}

static int is_number(int32_t *value)
{
    *value = 0;
    for (const char *p = token; *p; p++) {
        if (*p < '0' || *p > '9')
            return 0;
        *value = 10 * *value + *p - '0';
    }
    return 1;
}

/* Words that steer: what stands on the stack meanwhile are addresses of cells to be set, or to go back to. */
static int steer(void)
{
    if (is("if") || is("while")) {
        compile(BRANCH_IF_ZERO);
        *++top = here;
        compile(0);
    } else if (is("else")) {
        compile(BRANCH);
        memory[*top] = here + 1;
        *top = here;
        compile(0);
    } else if (is("then")) {
        memory[*top--] = here;
    } else if (is("begin")) {
        *++top = here;
    } else if (is("until")) {
        compile(BRANCH_IF_ZERO);
        compile(*top--);
    } else if (is("repeat")) {
        compile(BRANCH);
        compile(top[-1]);
        memory[top[0]] = here;
        top -= 2;
    } else if (is("do")) {
        compile(DO);
        *++top = here;
    } else if (is("loop")) {
        compile(LOOP);
        compile(*top--);
    } else {
        return 0;
    }
    return 1;
}

/* Compile and run a text. */
static void interpret(const char *text)
{
    int compiling = 0;
    int32_t value, start = 0;
    source = text;
    while (next_token()) {
        if (is(":")) {
            next_token();
            define(token, start = here);
            compiling = 1;
        } else if (is(";")) {
            compile(EXIT);
            compiling = 0;
        } else if (is("create")) { /* NAME SIZE: so many cells */
            next_token();
            define(token, here);
            next_token();
            check(is_number(&value));
            compile(LITERAL);
            compile(here + 2);
            compile(EXIT);
            here += value;
        } else if (compiling && is("recurse")) {
            compile(start);
        } else if (!compiling || !steer()) {
            int at = word_count - 1;
            while (at >= 0 && !is(words[at].name))
                at--;
            int32_t begin = here;
            check(at >= 0 || is_number(&value));
            if (at < 0)
                compile(LITERAL);
            compile(at < 0 ? value : words[at].cell);
            if (!compiling) { /* run it, and forget it */
                compile(EXIT);
                run(begin);
                here = begin;
            }
        }
    }
}

static const char definitions[] =
    ": fib dup 2 < if exit then dup 1 - recurse swap 2 - recurse + ; "
    ": gcd begin dup while swap over mod repeat drop ; "
    "create flags 500 "
    ": flag flags 4 * + ; "
    ": clear 2000 0 do 1 i flag c! loop ; "
    ": strike dup dup + begin dup 2000 < while 0 over flag c! over + repeat drop drop ; "
    ": sieve clear 0 2000 2 do i flag c@ if 1 + i 45 < if i strike then then loop ; "
    "create state 1 "
    ": random state @ dup 13 lshift xor dup 17 rshift xor dup 5 lshift xor dup state ! ; "
    "create row 64 "
    ": fill 64 0 do random 1023 and row i + ! loop ; "
    ": ordered dup @ over 1 + @ < ; "
    ": exchange dup @ over 1 + @ rot dup >r 1 + ! r> ! ; "
    ": pass 63 0 do row i + ordered if drop else exchange then loop ; "
    ": bubble fill 63 0 do pass loop 0 64 0 do 31 * row i + @ + loop ; "
    ": gcds 0 60 1 do 40 1 do j i gcd + loop loop ; "
    ": collatz 0 swap begin dup 1 = 0= while dup 1 and if 3 * 1 + else 2 / then swap 1 + swap repeat drop ; "
    ": all 14 fib emit sieve emit bubble emit gcds emit 0 60 1 do i collatz + loop emit ; ";

int main(void)
{
    for (int n = 0; n < PRIMITIVES; n++)
        define(names[n], n);
    interpret(definitions);
    for (int n = 0; n < word_count; n++)
        if (same(words[n].name, "state"))
            memory[memory[words[n].cell + 1]] = (int32_t)(seed * 0x2545f491u);
    for (uint32_t round = part_of(ROUNDS); round > 0; round--)
        interpret("all");
    report("forth", fold(emitted, executed));
    return top != stack;
}
