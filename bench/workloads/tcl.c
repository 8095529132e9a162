/* An interpreter of a language in which everything is a string, in the manner of Tcl: words are substituted and commands
 * looked up by name each time, bodies are parsed anew whenever they are run, numbers are decimal digits. */
#include "tcl_text.h"

enum { ROUNDS = 1400, MOST_WORDS = 12 };
enum status { DONE, RETURNED, BROKEN, CONTINUED };

/* --- Variables, commands, the result of the last one --- */

struct variable {
    struct variable *next;
    char *name, *value;
};

struct command {
    struct command *next;
    const char *name, *parameters, *body; /* of a procedure */
    enum status (*run)(int count, char **words);
};

static struct variable *variables; /* of the procedure that runs */
static struct command *commands;
static char *result;
static uint32_t printed, evaluated;

static void give_result(const char *text)
{
    char *made = copy(text, length_of(text));
    if (result)
        give(result);
    result = made;
}

static void give_number(int32_t value)
{
    char text[12], *to = text + sizeof text;
    uint32_t rest = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
    *--to = 0;
    do {
        *--to = (char)('0' + rest % 10);
    } while (rest /= 10);
    if (value < 0)
        *--to = '-';
    give_result(to);
}

static struct variable *find(const char *name)
{
    struct variable *at = variables;
    while (at && !same(at->name, name))
        at = at->next;
    return at;
}

static void set(const char *name, const char *value)
{
    struct variable *at = find(name);
    char *made = copy(value, length_of(value));
    if (!at) {
        at = take(sizeof *at);
        at->next = variables;
        at->name = copy(name, length_of(name));
        variables = at;
    } else {
        give(at->value);
    }
    at->value = made;
}

/* --- Evaluation --- */

static enum status evaluate(const char *p);

/* Behind what a bracket opens. */
static const char *closed(const char *p, char open, char close)
{
    int depth = 0;
    do {
        depth += (*p == open) - (*p == close);
        if (!*p++)
            __builtin_trap();
    } while (depth);
    return p;
}

static int in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next word, substituted. */
static char *read_word(const char **from)
{
    struct text made = {0, 0, 0};
    const char *p = *from, *end;
    add(&made, "", 0);
    if (*p == '{') {
        *from = closed(p, '{', '}');
        add(&made, p + 1, (uint32_t)(*from - p) - 2);
        return made.at;
    }
    int quoted = *p == '"';
    for (p += quoted; *p && (quoted ? *p != '"' : *p != ' ' && *p != '\n' && *p != ';');)
        if (*p == '$') {
            for (end = ++p; in_name(*end);)
                end++;
            char *name = copy(p, (uint32_t)(end - p));
            const struct variable *variable = find(name);
            if (!variable)
                __builtin_trap();
            add(&made, variable->value, length_of(variable->value));
            give(name);
            p = end;
        } else if (*p == '[') {
            end = closed(p, '[', ']');
            char *inner = copy(p + 1, (uint32_t)(end - p) - 2);
            evaluate(inner);
            add(&made, result, length_of(result));
            give(inner);
            p = end;
        } else {
            add(&made, p++, 1);
        }
    *from = p + quoted;
    return made.at;
}

static enum status call(const struct command *procedure, char **words)
{
    struct variable *outer = variables, *at;
    const char *p = procedure->parameters;
    variables = 0;
    for (int n = 1; *p; n++) {
        char *name = read_word(&p);
        set(name, words[n]);
        give(name);
        p += *p == ' ';
    }
    enum status status = evaluate(procedure->body);
    while ((at = variables)) {
        variables = at->next;
        give(at->name);
        give(at->value);
        give(at);
    }
    variables = outer;
    return status == RETURNED ? DONE : status;
}

KERNEL static enum status invoke(int count, char **words)
{
    const struct command *at = commands;
    while (at && !same(at->name, words[0]))
        at = at->next;
    if (!at)
        __builtin_trap();
    evaluated++;
    return at->body ? call(at, words) : at->run(count, words);
}

KERNEL static enum status evaluate(const char *p)
{
    char *words[MOST_WORDS];
    enum status status = DONE;
    give_result("");
    while (*p && status == DONE) {
        int count = 0;
        while (*p == ' ' || *p == '\n' || *p == ';')
            p++;
        while (*p && *p != '\n' && *p != ';') {
            words[count++] = read_word(&p);
            while (*p == ' ')
                p++;
        }
        if (count)
            status = invoke(count, words);
        while (count)
            give(words[--count]);
    }
    return status;
}

/* --- Commands --- */

static enum status arithmetic(int count, char **words)
{
    int32_t a = number(words[1]), b = count > 2 ? number(words[2]) : 0;
    switch (words[0][0]) {
    case '+':
        a = (int32_t)((uint32_t)a + (uint32_t)b);
        break;
    case '-':
        a = (int32_t)((uint32_t)a - (uint32_t)b);
        break;
    case '*':
        a = (int32_t)((uint32_t)a * (uint32_t)b);
        break;
    case '/':
        a = b ? a / b : 0;
        break;
    case '%':
        a = b ? a % b : 0;
        break;
    case '<':
        a = a < b;
        break;
    default:
        a = a == b;
    }
    give_number(a);
    return DONE;
}

static enum status run_set(int count, char **words)
{
    if (count > 2)
        set(words[1], words[2]);
    give_result(find(words[1])->value);
    return DONE;
}

static enum status run_append(int count, char **words)
{
    struct text made = {0, 0, 0};
    const char *old = find(words[1])->value;
    add(&made, old, length_of(old));
    for (int n = 2; n < count; n++)
        add(&made, words[n], length_of(words[n]));
    set(words[1], made.at);
    give(made.at);
    return DONE;
}

static enum status run_if(int count, char **words)
{
    evaluate(words[1]);
    if (number(result))
        return evaluate(words[2]);
    return count > 4 ? evaluate(words[4]) : DONE;
}

static enum status run_while(int count, char **words)
{
    enum status status = DONE;
    (void)count;
    while (status != BROKEN && (evaluate(words[1]), number(result))) {
        status = evaluate(words[2]);
        if (status == RETURNED)
            return status;
    }
    return DONE;
}

static enum status run_return(int count, char **words)
{
    give_result(count > 1 ? words[1] : "");
    return RETURNED;
}

static enum status run_break(int count, char **words)
{
    (void)count;
    return words[0][0] == 'b' ? BROKEN : CONTINUED;
}

static enum status run_puts(int count, char **words)
{
    (void)count;
    for (const char *p = words[1]; *p; p++)
        printed = fold(printed, (uint8_t)*p);
    return DONE;
}

/* length TEXT, or index TEXT N */
static enum status run_text(int count, char **words)
{
    char one[2] = {0, 0};
    if (count > 2)
        one[0] = words[1][number(words[2])], give_result(one);
    else
        give_number((int32_t)length_of(words[1]));
    return DONE;
}

static void define(const char *name, enum status (*run)(int, char **), const char *parameters, const char *body)
{
    struct command *made = take(sizeof *made);
    *made = (struct command){commands, name, parameters, body, run};
    commands = made;
}

static enum status run_proc(int count, char **words)
{
    (void)count;
    define(copy(words[1], length_of(words[1])), 0, copy(words[2], length_of(words[2])), copy(words[3], length_of(words[3])));
    return DONE;
}

static const char definitions[] =
    "proc fib {n} {\n"
    "  if {< $n 2} { return $n }\n"
    "  return [+ [fib [- $n 1]] [fib [- $n 2]]]\n"
    "}\n"
    "proc prime {n} {\n"
    "  set d 2\n"
    "  while {< [* $d $d] [+ $n 1]} {\n"
    "    if {== [% $n $d] 0} { return 0 }\n"
    "    set d [+ $d 1]\n"
    "  }\n"
    "  return 1\n"
    "}\n"
    "proc reversed {text} {\n"
    "  set n [length $text]; set back \"\"\n"
    "  while {< 0 $n} { set n [- $n 1]; append back [index $text $n] }\n"
    "  return $back\n"
    "}\n"
    "proc collatz {n} {\n"
    "  set steps 0\n"
    "  while {== 1 1} {\n"
    "    if {== $n 1} { break }\n"
    "    if {% $n 2} { set n [+ [* $n 3] 1] } else { set n [/ $n 2] }\n"
    "    set steps [+ $steps 1]\n"
    "  }\n"
    "  return $steps\n"
    "}";

static const char script[] =
    "set n 1; set found \"\"\n"
    "while {< $n 60} {\n"
    "  set n [+ $n 2]\n"
    "  if {== [prime $n] 0} { continue }\n"
    "  append found $n \" \"\n"
    "}\n"
    "puts \"primes: $found, backwards [reversed $found]\"\n"
    "puts \"fib [fib 9], collatz [collatz 27]\"";

int main(void)
{
    static const char *const operators[] = {"+", "-", "*", "/", "%", "<", "=="};
    for (int n = 0; n < 7; n++)
        define(operators[n], arithmetic, 0, 0);
    define("set", run_set, 0, 0);
    define("append", run_append, 0, 0);
    define("if", run_if, 0, 0);
    define("while", run_while, 0, 0);
    define("return", run_return, 0, 0);
    define("break", run_break, 0, 0);
    define("continue", run_break, 0, 0);
    define("puts", run_puts, 0, 0);
    define("length", run_text, 0, 0);
    define("index", run_text, 0, 0);
    define("proc", run_proc, 0, 0);
    printed = seed;
    evaluate(definitions);
    for (uint32_t round = part_of(ROUNDS); round > 0; round--)
        evaluate(script);
    report("tcl", fold(printed, evaluated));
    return 0;
}
