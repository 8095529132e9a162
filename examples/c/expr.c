/* expr: an interpreter for expressions with variables and functions. Each line of the console is one of
 *
 *     expression                      its value is printed
 *     name = expression               a variable
 *     name(a, b, ...) = expression    a function, which may call itself
 *
 * with + - * / % ^ (power), comparisons, ! && ||, c ? x : y, sqrt sin cos tan atan exp log floor abs, and pi. What follows
 * a # is a comment. Shown: a parser by recursive descent, trees in memory from malloc(), setjmp() for errors, strtod().
 *
 *   Run it:     ring1 run examples/c/expr.c < examples/c/expr.txt
 *   Look for:   the values, and complaints about the lines that are wrong. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 32, ARGUMENTS = 8, LINE = 256, DEPTH = 2000 };

/* --- Trees --- */

enum kind { NUMBER, VARIABLE, ARGUMENT, CALL, NEGATE, NOT, BINARY, CHOOSE };

struct node {
    enum kind kind;
    char operator;        /* of BINARY: its character; L G E N for <= >= == != */
    int index;            /* of ARGUMENT: which one; of CALL: how many */
    double value;         /* of NUMBER */
    struct symbol *symbol; /* of VARIABLE and CALL */
    struct node *child[ARGUMENTS];
    struct node *made;    /* before it, for the present line */
};

typedef double builtin(double);

struct symbol {
    char name[NAME];
    int defined, parameters;
    double value;       /* of a variable */
    builtin *compute;   /* of a built-in function */
    struct node *body;  /* of a function: its tree, and all of its nodes */
    struct node *nodes;
    struct symbol *next;
};

static struct symbol *symbols;

/* --- Errors --- */

static jmp_buf on_error;
static int line_number;

static void fail(const char *message, const char *detail)
{
    printf("line %d: %s%s%s\n", line_number, message, *detail ? " " : "", detail);
    longjmp(on_error, 1);
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        fail("no memory", "");
    return memory;
}

/* --- Names --- */

static struct symbol *lookup(const char *name)
{
    for (struct symbol *s = symbols; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return s;
    struct symbol *s = allocate(sizeof *s);
    strcpy(s->name, name);
    s->next = symbols;
    symbols = s;
    return s;
}

static void define(const char *name, builtin *compute, double value)
{
    struct symbol *s = lookup(name);
    s->defined = 1;
    s->compute = compute;
    s->parameters = compute != NULL;
    s->value = value;
}

/* --- The parser: `at` is what is left of the line --- */

static const char *at;
static char parameters[ARGUMENTS][NAME];
static int parameter_count;

static struct node *expression(void);

static void skip(void)
{
    while (isspace((unsigned char)*at))
        at++;
}

/* Is `text` next? Then it is passed. */
static int accept(const char *text)
{
    skip();
    size_t length = strlen(text);
    if (strncmp(at, text, length) != 0)
        return 0;
    at += length;
    return 1;
}

static void expect(const char *text)
{
    if (!accept(text))
        fail("expected", text);
}

static int name_follows(void)
{
    skip();
    return isalpha((unsigned char)*at) || *at == '_';
}

static void read_name(char *name)
{
    int length = 0;
    while (isalnum((unsigned char)*at) || *at == '_') {
        if (length < NAME - 1)
            name[length++] = *at;
        at++;
    }
    name[length] = 0;
}

/* The nodes of the present line, the last one first; they are freed behind it, unless a function keeps them. */
static struct node *made;

static struct node *make(enum kind kind)
{
    struct node *n = allocate(sizeof *n);
    n->kind = kind;
    n->made = made;
    return made = n;
}

static void release(struct node *n)
{
    while (n) {
        struct node *before = n->made;
        free(n);
        n = before;
    }
}

static struct node *binary(char operator, struct node *left, struct node *right)
{
    struct node *n = make(BINARY);
    n->operator = operator;
    n->child[0] = left;
    n->child[1] = right;
    return n;
}

static struct node *named(void)
{
    char name[NAME];
    read_name(name);
    if (accept("(")) {
        struct node *n = make(CALL);
        n->symbol = lookup(name);
        if (!accept(")")) {
            do {
                if (n->index == ARGUMENTS)
                    fail("too many arguments of", name);
                n->child[n->index++] = expression();
            } while (accept(","));
            expect(")");
        }
        return n;
    }
    for (int i = 0; i < parameter_count; i++)
        if (strcmp(parameters[i], name) == 0) {
            struct node *n = make(ARGUMENT);
            n->index = i;
            return n;
        }
    struct node *n = make(VARIABLE);
    n->symbol = lookup(name);
    return n;
}

static struct node *primary(void)
{
    if (accept("(")) {
        struct node *n = expression();
        expect(")");
        return n;
    }
    if (name_follows())
        return named();
    if (isdigit((unsigned char)*at) || *at == '.') {
        char *end;
        struct node *n = make(NUMBER);
        n->value = strtod(at, &end);
        if (end == at)
            fail("this is no number:", at);
        at = end;
        return n;
    }
    fail(*at ? "unexpected" : "the line ends too early", at);
    return NULL;
}

static struct node *unary(void);

/* To the right, and tighter than a sign on its left. */
static struct node *power(void)
{
    struct node *n = primary();
    return accept("^") ? binary('^', n, unary()) : n;
}

static struct node *unary(void)
{
    if (accept("-")) {
        struct node *n = make(NEGATE);
        n->child[0] = unary();
        return n;
    }
    skip();
    if (*at == '!' && at[1] != '=') {
        at++;
        struct node *n = make(NOT);
        n->child[0] = unary();
        return n;
    }
    return power();
}

static struct node *product(void)
{
    struct node *n = unary();
    for (;;) {
        if (accept("*"))
            n = binary('*', n, unary());
        else if (accept("/"))
            n = binary('/', n, unary());
        else if (accept("%"))
            n = binary('%', n, unary());
        else
            return n;
    }
}

static struct node *sum(void)
{
    struct node *n = product();
    for (;;) {
        if (accept("+"))
            n = binary('+', n, product());
        else if (accept("-"))
            n = binary('-', n, product());
        else
            return n;
    }
}

static struct node *comparison(void)
{
    struct node *n = sum();
    for (;;) {
        if (accept("<="))
            n = binary('L', n, sum());
        else if (accept(">="))
            n = binary('G', n, sum());
        else if (accept("=="))
            n = binary('E', n, sum());
        else if (accept("!="))
            n = binary('N', n, sum());
        else if (accept("<"))
            n = binary('<', n, sum());
        else if (accept(">"))
            n = binary('>', n, sum());
        else
            return n;
    }
}

static struct node *conjunction(void)
{
    struct node *n = comparison();
    while (accept("&&"))
        n = binary('&', n, comparison());
    return n;
}

static struct node *disjunction(void)
{
    struct node *n = conjunction();
    while (accept("||"))
        n = binary('|', n, conjunction());
    return n;
}

static struct node *expression(void)
{
    struct node *condition = disjunction();
    if (!accept("?"))
        return condition;
    struct node *n = make(CHOOSE);
    n->child[0] = condition;
    n->child[1] = expression();
    expect(":");
    n->child[2] = expression();
    return n;
}

/* --- Evaluation --- */

static double evaluate(const struct node *n, const double *arguments, int depth);

static double call(const struct node *n, const double *arguments, int depth)
{
    double values[ARGUMENTS];
    const struct symbol *f = n->symbol;
    if (!f->compute && !f->body)
        fail("there is no function", f->name);
    if (n->index != f->parameters)
        fail("wrong number of arguments of", f->name);
    if (depth > DEPTH)
        fail("too deep a recursion in", f->name);
    for (int i = 0; i < n->index; i++)
        values[i] = evaluate(n->child[i], arguments, depth + 1);
    return f->compute ? f->compute(values[0]) : evaluate(f->body, values, depth + 1);
}

static double evaluate(const struct node *n, const double *arguments, int depth)
{
    switch (n->kind) {
    case NUMBER:
        return n->value;
    case VARIABLE:
        if (!n->symbol->defined)
            fail("there is no variable", n->symbol->name);
        return n->symbol->value;
    case ARGUMENT:
        return arguments[n->index];
    case CALL:
        return call(n, arguments, depth);
    case NEGATE:
        return -evaluate(n->child[0], arguments, depth);
    case NOT:
        return evaluate(n->child[0], arguments, depth) == 0;
    case CHOOSE:
        return evaluate(n->child[evaluate(n->child[0], arguments, depth) != 0 ? 1 : 2], arguments, depth);
    case BINARY:
        break;
    }
    double a = evaluate(n->child[0], arguments, depth);
    if (n->operator== '&' && a == 0)
        return 0;
    if (n->operator== '|' && a != 0)
        return 1;
    double b = evaluate(n->child[1], arguments, depth);
    switch (n->operator) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        if (b == 0)
            fail("division by zero", "");
        return a / b;
    case '%':
        if (b == 0)
            fail("division by zero", "");
        return fmod(a, b);
    case '^':
        return pow(a, b);
    case '<':
        return a < b;
    case '>':
        return a > b;
    case 'L':
        return a <= b;
    case 'G':
        return a >= b;
    case 'E':
        return a == b;
    case 'N':
        return a != b;
    default:
        return b != 0;
    }
}

/* --- Lines --- */

/* "name(a, b) =": the parameters are taken down. Anything else: nothing is passed. */
static struct symbol *function_head(void)
{
    const char *start = at;
    char name[NAME];
    parameter_count = 0;
    if (name_follows()) {
        read_name(name);
        int good = accept("(");
        while (good && parameter_count < ARGUMENTS && name_follows()) {
            read_name(parameters[parameter_count++]);
            if (!accept(","))
                break;
        }
        if (good && accept(")") && accept("=") && *at != '=')
            return lookup(name);
    }
    at = start;
    parameter_count = 0;
    return NULL;
}

static struct symbol *variable_head(void)
{
    const char *start = at;
    char name[NAME];
    if (name_follows()) {
        read_name(name);
        if (accept("=") && *at != '=')
            return lookup(name);
    }
    at = start;
    return NULL;
}

static struct node *whole_expression(void)
{
    struct node *n = expression();
    skip();
    if (*at)
        fail("unexpected", at);
    return n;
}

static void do_line(const char *line)
{
    at = line;
    skip();
    if (!*at)
        return;
    struct symbol *symbol = function_head();
    if (symbol) {
        if (symbol->compute)
            fail("this function is built in:", symbol->name);
        struct node *body = whole_expression();
        release(symbol->nodes);
        symbol->body = body;
        symbol->nodes = made;
        made = NULL;
        symbol->parameters = parameter_count;
        return;
    }
    symbol = variable_head();
    struct node *n = whole_expression();
    double value = evaluate(n, NULL, 0);
    if (symbol) {
        symbol->value = value;
        symbol->defined = 1;
    } else {
        printf("%.10g\n", value);
    }
}

int main(void)
{
    char line[LINE];
    define("pi", NULL, 3.14159265358979323846);
    define("sqrt", sqrt, 0);
    define("sin", sin, 0);
    define("cos", cos, 0);
    define("tan", tan, 0);
    define("atan", atan, 0);
    define("exp", exp, 0);
    define("log", log, 0);
    define("floor", floor, 0);
    define("abs", fabs, 0);
    while (fgets(line, sizeof line, stdin)) {
        line_number++;
        line[strcspn(line, "#\n")] = 0;
        if (setjmp(on_error) == 0)
            do_line(line);
        release(made);
        made = NULL;
    }
    return 0;
}
