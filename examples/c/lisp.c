/* lisp: a small Lisp. Its cells are collected by mark and sweep, roots being found through a stack of its own; closures see
 * the variables where they were made, and calls in tail position take no room.
 *
 * First it runs the program built in below, then what is read from the console.
 *
 *   Run it:     ring1 run examples/c/lisp.c < examples/c/lisp.txt
 *   Look for:   factorials that do not fit into 32 bits, mapped lists, primes, an interpreter in the interpreter, and at the
 *               end how often the collector ran. */
#include <ctype.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 20000, ROOTS = 20000, TOKEN = 64, DEPTH = 1000 };

/* --- Values --- */

enum type { FREE, NUMBER, SYMBOL, PAIR, BUILTIN, CLOSURE };

typedef struct cell *value;
typedef value builtin(value arguments);

struct cell {
    unsigned char type, marked;
    union {
        int64_t number;
        struct { value first, rest; };          /* PAIR, and FREE: the list of free cells */
        struct { const char *name; value next; }; /* SYMBOL: and the list of all of them */
        struct { const char *label; builtin *function; };
        struct { value code, environment; };     /* CLOSURE: ((parameters) body ...), and where it was made */
    };
};

static struct cell cells[CELLS];
static value unused, symbols, globals;
static value nil, truth, quote_symbol, if_symbol, define_symbol, lambda_symbol, let_symbol, begin_symbol, set_symbol;
static long collections;

/* --- Errors --- */

static jmp_buf on_error;

static void fail(const char *message, const char *detail)
{
    printf("error: %s%s%s\n", message, *detail ? " " : "", detail);
    longjmp(on_error, 1);
}

/* --- Memory. What is not reachable from `roots`, the symbols or the globals is collected. --- */

static value roots[ROOTS];
static int root_count;

static value keep(value v)
{
    if (root_count == ROOTS)
        fail("the stack of roots is full", "");
    return roots[root_count++] = v;
}

static void mark(value v)
{
    while (v && !v->marked) {
        v->marked = 1;
        if (v->type == PAIR) {
            mark(v->first);
            v = v->rest;
        } else if (v->type == CLOSURE) {
            mark(v->code);
            v = v->environment;
        } else if (v->type == SYMBOL) {
            v = v->next;
        }
    }
}

static void collect(void)
{
    collections++;
    mark(symbols);
    mark(globals);
    for (int i = 0; i < root_count; i++)
        mark(roots[i]);
    unused = NULL;
    for (value v = cells; v < cells + CELLS; v++) {
        if (!v->marked) {
            v->type = FREE;
            v->rest = unused;
            unused = v;
        }
        v->marked = 0;
    }
    if (!unused) {
        root_count = 0;
        fail("memory is full", "");
    }
}

static value make(enum type type)
{
    if (!unused)
        collect();
    value v = unused;
    unused = v->rest;
    v->type = type;
    return v;
}

static value number(int64_t n)
{
    value v = make(NUMBER);
    v->number = n;
    return v;
}

/* Both are kept while the cell is made. */
static value pair_of(enum type type, value first, value rest)
{
    int before = root_count;
    keep(first);
    keep(rest);
    value v = make(type);
    v->first = first;
    v->rest = rest;
    root_count = before;
    return v;
}

static value cons(value first, value rest)
{
    return pair_of(PAIR, first, rest);
}

static value symbol(const char *name)
{
    for (value v = symbols; v; v = v->next)
        if (strcmp(v->name, name) == 0)
            return v;
    char *copy = malloc(strlen(name) + 1);
    if (!copy)
        fail("no memory for the symbol", name);
    strcpy(copy, name);
    value v = make(SYMBOL);
    v->name = copy;
    v->next = symbols;
    return symbols = v;
}

/* --- Reading --- */

typedef int source(void);

static source *next_character;
static int ahead = ' ';
static char token[TOKEN];

static const char *program_at;

static int from_program(void)
{
    return *program_at ? (unsigned char)*program_at++ : EOF;
}

/* The next token: ( ) ' or a word; empty at the end. */
static void read_token(void)
{
    int length = 0;
    for (;;) {
        while (isspace(ahead))
            ahead = next_character();
        if (ahead != ';')
            break;
        while (ahead != '\n' && ahead != EOF)
            ahead = next_character();
    }
    if (ahead == EOF) {
        token[0] = 0;
        return;
    }
    do {
        if (length < TOKEN - 1)
            token[length++] = (char)ahead;
        bool single = strchr("()'", ahead) != NULL;
        ahead = next_character();
        if (single)
            break;
    } while (ahead != EOF && !isspace(ahead) && !strchr("();'", ahead));
    token[length] = 0;
}

static value read_value(int depth);

static value read_list(int depth)
{
    int before = root_count;
    value first = keep(cons(nil, nil)), last = first;
    for (;;) {
        read_token();
        if (strcmp(token, ")") == 0)
            break;
        if (strcmp(token, ".") == 0) {
            read_token();
            last->rest = read_value(depth);
            read_token();
            if (strcmp(token, ")") != 0)
                fail("expected ) instead of", token);
            break;
        }
        value element = keep(read_value(depth));
        last->rest = cons(element, nil);
        last = last->rest;
        root_count--;
    }
    root_count = before;
    return first->rest;
}

/* The value that the present token begins. */
static value read_value(int depth)
{
    if (!token[0])
        fail("the program ends within a list", "");
    if (depth > DEPTH)
        fail("lists are nested too deeply", "");
    if (strcmp(token, "(") == 0)
        return read_list(depth + 1);
    if (strcmp(token, ")") == 0)
        fail("unexpected )", "");
    if (strcmp(token, "'") == 0) {
        read_token();
        return cons(quote_symbol, cons(read_value(depth + 1), nil));
    }
    char *end;
    int64_t n = strtoll(token, &end, 10);
    return *end || end == token ? symbol(token) : number(n);
}

/* --- Printing --- */

static void print(value v)
{
    switch (v->type) {
    case NUMBER:
        printf("%lld", (long long)v->number);
        break;
    case SYMBOL:
        printf("%s", v->name);
        break;
    case BUILTIN:
        printf("#<%s>", v->label);
        break;
    case CLOSURE:
        printf("#<lambda>");
        break;
    case PAIR:
        printf("(");
        for (;; v = v->rest) {
            print(v->first);
            if (v->rest->type != PAIR)
                break;
            printf(" ");
        }
        if (v->rest != nil) {
            printf(" . ");
            print(v->rest);
        }
        printf(")");
        break;
    default:
        printf("#<free>");
    }
}

/* --- Environments: lists of (symbol . value), the globals at the end --- */

static value binding(value name, value environment)
{
    for (value e = environment; e != nil; e = e->rest)
        if (e->first->first == name)
            return e->first;
    for (value e = globals; e != nil; e = e->rest)
        if (e->first->first == name)
            return e->first;
    return NULL;
}

static void define(value name, value v)
{
    for (value e = globals; e != nil; e = e->rest)
        if (e->first->first == name) {
            e->first->rest = v;
            return;
        }
    globals = cons(cons(name, v), globals);
}

/* --- Evaluation --- */

static value first_of(value v)
{
    if (v->type != PAIR)
        fail("this has no first element", v->type == SYMBOL ? v->name : "");
    return v->first;
}

static value rest_of(value v)
{
    if (v->type != PAIR)
        fail("this has no rest", v->type == SYMBOL ? v->name : "");
    return v->rest;
}

static value second_of(value v)
{
    return first_of(rest_of(v));
}

static value evaluate(value v, value environment, int depth);

/* The values of a list's elements, as a list that is kept. */
static value evaluate_all(value list, value environment, int depth)
{
    value head = keep(cons(nil, nil)), last = head;
    for (; list != nil; list = rest_of(list)) {
        value element = evaluate(first_of(list), environment, depth);
        last->rest = cons(element, nil);
        last = last->rest;
    }
    return head->rest;
}

/* The environment of a closure's body. */
static value bind(value parameters, value arguments, value environment)
{
    int before = root_count;
    keep(arguments);
    keep(environment);
    for (; parameters->type == PAIR; parameters = parameters->rest) {
        if (arguments == nil)
            fail("too few arguments", "");
        environment = keep(cons(cons(parameters->first, arguments->first), environment));
        arguments = arguments->rest;
    }
    if (parameters != nil)
        environment = cons(cons(parameters, arguments), environment);
    else if (arguments != nil)
        fail("too many arguments", "");
    root_count = before;
    return environment;
}

/* (let ((name value) ...) body ...) */
static value bind_let(value bindings, value environment, int depth)
{
    int before = root_count;
    value inner = keep(environment);
    for (; bindings != nil; bindings = rest_of(bindings)) {
        value bound = first_of(bindings), v = keep(evaluate(second_of(bound), environment, depth));
        inner = keep(cons(cons(first_of(bound), v), inner));
    }
    root_count = before;
    return inner;
}

/* All but the last are evaluated; the last. */
static value all_but_last(value body, value environment, int depth)
{
    if (body == nil)
        return nil;
    for (; rest_of(body) != nil; body = body->rest)
        evaluate(body->first, environment, depth);
    return body->first;
}

static value evaluate(value v, value environment, int depth)
{
    int before = root_count;
    if (depth > DEPTH)
        fail("too deep a recursion", "");
    depth++;
    for (;;) {
        root_count = before;
        keep(v);
        keep(environment);
        if (v->type == SYMBOL) {
            value found = v == nil || v == truth ? NULL : binding(v, environment);
            if (!found && v != nil && v != truth)
                fail("there is no value for", v->name);
            v = found ? found->rest : v;
            break;
        }
        if (v->type != PAIR)
            break;
        value head = v->first, rest = v->rest;
        if (head == quote_symbol) {
            v = first_of(rest);
            break;
        }
        if (head == if_symbol) {
            value way = evaluate(first_of(rest), environment, depth) != nil ? rest_of(rest) : rest_of(rest_of(rest));
            if (way == nil) {
                v = nil;
                break;
            }
            v = first_of(way);
            continue;
        }
        if (head == lambda_symbol) {
            v = pair_of(CLOSURE, rest, environment);
            break;
        }
        if (head == begin_symbol) {
            v = all_but_last(rest, environment, depth);
            continue;
        }
        if (head == let_symbol) {
            environment = keep(bind_let(first_of(rest), environment, depth));
            v = all_but_last(rest_of(rest), environment, depth);
            continue;
        }
        if (head == define_symbol) {
            value name = first_of(rest), defined;
            if (name->type == PAIR) { /* (define (f x) body) */
                defined = cons(name->rest, rest_of(rest));
                defined = pair_of(CLOSURE, defined, environment);
                name = name->first;
            } else {
                defined = evaluate(second_of(rest), environment, depth);
            }
            keep(defined);
            define(name, defined);
            v = name;
            break;
        }
        if (head == set_symbol) {
            value found = binding(first_of(rest), environment);
            if (!found)
                fail("there is nothing to set:", rest->first->type == SYMBOL ? rest->first->name : "");
            v = evaluate(second_of(rest), environment, depth);
            found->rest = v;
            break;
        }
        value function = keep(evaluate(head, environment, depth));
        value arguments = evaluate_all(rest, environment, depth);
        if (function->type == BUILTIN) {
            v = function->function(arguments);
            break;
        }
        if (function->type != CLOSURE)
            fail("this is no function", function->type == SYMBOL ? function->name : "");
        environment = keep(bind(function->code->first, arguments, function->environment));
        v = all_but_last(function->code->rest, environment, depth);
    }
    root_count = before;
    return v;
}

/* --- Built-in functions --- */

static int64_t integer(value v)
{
    if (v->type != NUMBER)
        fail("this is no number", v->type == SYMBOL ? v->name : "");
    return v->number;
}

static value boolean(bool b)
{
    return b ? truth : nil;
}

static value do_add(value a)
{
    int64_t sum = 0;
    for (; a != nil; a = a->rest)
        sum += integer(a->first);
    return number(sum);
}

static value do_multiply(value a)
{
    int64_t product = 1;
    for (; a != nil; a = a->rest)
        product *= integer(a->first);
    return number(product);
}

static value do_subtract(value a)
{
    int64_t n = integer(first_of(a));
    if (a->rest == nil)
        return number(-n);
    while ((a = a->rest) != nil)
        n -= integer(a->first);
    return number(n);
}

static int64_t divisor(value a)
{
    int64_t n = integer(second_of(a));
    if (n == 0)
        fail("division by zero", "");
    return n;
}

static value do_divide(value a)
{
    return number(integer(first_of(a)) / divisor(a));
}

static value do_remainder(value a)
{
    return number(integer(first_of(a)) % divisor(a));
}

static value do_less(value a)
{
    return boolean(integer(first_of(a)) < integer(second_of(a)));
}

static value do_equal(value a)
{
    value x = first_of(a), y = second_of(a);
    return boolean(x == y || (x->type == NUMBER && y->type == NUMBER && x->number == y->number));
}

static value do_cons(value a)
{
    return cons(first_of(a), second_of(a));
}

static value do_first(value a)
{
    return first_of(first_of(a));
}

static value do_rest(value a)
{
    return rest_of(first_of(a));
}

static value do_list(value a)
{
    return a;
}

static value do_is_pair(value a)
{
    return boolean(first_of(a)->type == PAIR);
}

static value do_is_number(value a)
{
    return boolean(first_of(a)->type == NUMBER);
}

static value do_is_symbol(value a)
{
    return boolean(first_of(a)->type == SYMBOL);
}

static value do_print(value a)
{
    for (; a != nil; a = a->rest) {
        print(a->first);
        printf(a->rest != nil ? " " : "\n");
    }
    return nil;
}

static const struct {
    const char *name;
    builtin *function;
} builtins[] = {
    {"+", do_add}, {"-", do_subtract}, {"*", do_multiply}, {"/", do_divide}, {"%", do_remainder}, {"<", do_less},
    {"=", do_equal}, {"cons", do_cons}, {"car", do_first}, {"cdr", do_rest}, {"list", do_list}, {"pair?", do_is_pair},
    {"number?", do_is_number}, {"symbol?", do_is_symbol}, {"print", do_print},
};

static const char program[] =
    "(define (not x) (if x nil t))\n"
    "(define (factorial n) (if (< n 2) 1 (* n (factorial (- n 1)))))\n"
    "(define (map f list) (if list (cons (f (car list)) (map f (cdr list)))))\n"
    "(define (filter f list)\n"
    "  (if list (if (f (car list)) (cons (car list) (filter f (cdr list))) (filter f (cdr list)))))\n"
    "(define (range from to) (if (< from to) (cons from (range (+ from 1) to))))\n"
    "(define (fold f value list) (if list (fold f (f value (car list)) (cdr list)) value))\n"
    "(define (sieve list)\n"
    "  (if list (cons (car list) (sieve (filter (lambda (n) (not (= 0 (% n (car list))))) (cdr list))))))\n"
    "(define (reverse list) (fold (lambda (done x) (cons x done)) nil list))\n"
    "(print 'factorials (map factorial '(1 5 10 15 20)))\n"
    "(print 'squares (map (lambda (x) (* x x)) (range 1 11)))\n"
    "(print 'primes (sieve (range 2 100)))\n"
    "(print 'sum (fold + 0 (range 0 101)))\n"
    "(print 'backwards (reverse '(a b (c d) . ())))\n"
    "; twenty thousand steps of a loop in tail position\n"
    "(define (count n total) (if (= n 0) total (count (- n 1) (+ total n))))\n"
    "(print 'count (count 20000 0))\n"
    "; a counter that remembers\n"
    "(define (counter n) (lambda () (set! n (+ n 1)) n))\n"
    "(define tick (counter 10))\n"
    "(print 'ticks (tick) (tick) (tick))\n"
    "; the Ackermann function, and Hanoi's towers\n"
    "(define (ackermann m n)\n"
    "  (if (= m 0) (+ n 1) (if (= n 0) (ackermann (- m 1) 1) (ackermann (- m 1) (ackermann m (- n 1))))))\n"
    "(print 'ackermann (ackermann 2 5))\n"
    "(define (hanoi n from to by) (if (= n 0) 0 (+ (hanoi (- n 1) from by to) 1 (hanoi (- n 1) by to from))))\n"
    "(print 'hanoi (hanoi 10 'a 'b 'c))\n";

/* Everything that a source gives is read and evaluated; `echo`: its values are printed. */
static void run(source *characters, bool echo)
{
    next_character = characters;
    ahead = ' ';
    for (;;) {
        if (setjmp(on_error))
            continue;
        root_count = 0;
        read_token();
        if (!token[0])
            return;
        value v = keep(read_value(0));
        v = evaluate(v, nil, 0);
        if (echo && v != nil) {
            print(v);
            printf("\n");
        }
    }
}

int main(void)
{
    for (int i = CELLS - 1; i >= 0; i--) {
        cells[i].rest = unused;
        unused = &cells[i];
    }
    nil = symbol("nil");
    globals = nil;
    truth = symbol("t");
    quote_symbol = symbol("quote");
    if_symbol = symbol("if");
    define_symbol = symbol("define");
    lambda_symbol = symbol("lambda");
    let_symbol = symbol("let");
    begin_symbol = symbol("begin");
    set_symbol = symbol("set!");
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        value v = keep(make(BUILTIN));
        v->label = builtins[i].name;
        v->function = builtins[i].function;
        define(symbol(builtins[i].name), v);
    }
    program_at = program;
    run(from_program, false);
    run(getchar, true);
    printf("%ld collections\n", collections);
    return 0;
}
