/* The compiler of script.h's language, in one pass over the text, without a tree:
 *   function f(a, b) ... end     local x = e     x = e     t[e] = e     t.name = e     f(e, ...)     return e
 *   if e then ... elseif e then ... else ... end     while e do ... end     for i = e, e do ... end
 * Operators, from what binds least: or, and, comparisons, .., + -, * // %, not # -. */
#include "script_scan.h"

enum { MOST_LOCALS = 32 };

static struct function *made;
static struct { const char *name; uint32_t length; } locals[MOST_LOCALS];
static int local_count;

static int emit(enum operation op, int a, int b, int c)
{
    if (made->size == MOST_CODE)
        fail();
    made->code[made->size] = (uint32_t)op | (uint32_t)a << 8 | (uint32_t)b << 16 | (uint32_t)c << 24;
    return made->size++;
}

/* A jump that leads to `target`. */
static void lead(int jump, int target)
{
    made->code[jump] = (made->code[jump] & 0xffff) | (uint32_t)(target - jump - 1) << 16;
}

static int constant(struct value v)
{
    for (int n = 0; n < made->known; n++)
        if (same(made->constants[n], v))
            return 128 + n;
    if (made->known == MOST_CONSTANTS)
        fail();
    made->constants[made->known] = v;
    return 128 + made->known++;
}

static int name(void)
{
    int at = constant(make_string(spelling, spelled));
    advance();
    return at;
}

static int find_local(void)
{
    for (int n = local_count; n-- > 0;)
        if (locals[n].length == spelled) {
            uint32_t i = 0;
            while (i < spelled && locals[n].name[i] == spelling[i])
                i++;
            if (i == spelled)
                return n;
        }
    return -1;
}

static int add_local(const char *text, uint32_t length)
{
    locals[local_count].name = text;
    locals[local_count].length = length;
    return local_count++;
}

static int expression(int least, int to);

/* Into register `to`, whatever it is. */
static void into(int to)
{
    int at = expression(0, to);
    if (at != to)
        emit(MOVE, to, at, 0);
}

/* A key behind `[` or `.`, with its register or constant. */
static int key(int to)
{
    if (accept("."))
        return name();
    expect("[");
    int at = expression(0, to);
    expect("]");
    return at;
}

/* What stands behind a value: calls and keys. A result is in `to`. */
static int postfix(int at, int to)
{
    for (;;)
        if (is("(")) {
            int count = 0;
            if (at != to)
                emit(MOVE, to, at, 0);
            advance();
            while (!is(")")) {
                into(to + ++count);
                if (!accept(","))
                    break;
            }
            expect(")");
            emit(CALL, to, count, 0);
            at = to;
        } else if (is("[") || is(".")) {
            int at_key = key(to + 1);
            emit(GET, to, at, at_key);
            at = to;
        } else {
            return at;
        }
}

static int primary(int to)
{
    int at = to;
    if (to >= made->registers)
        made->registers = to + 8;
    if (token == DIGITS) {
        int32_t n = 0;
        for (uint32_t i = 0; i < spelled; i++)
            n = 10 * n + spelling[i] - '0';
        advance();
        return constant(number(n));
    }
    if (token == QUOTED)
        return name();
    if (is("true") || is("false")) {
        at = constant(truth(is("true")));
        advance();
        return at;
    }
    if (accept("nil"))
        return constant((struct value){NIL, {0}});
    if (accept("{")) {
        expect("}");
        emit(NEW, to, 0, 0);
        return to;
    }
    if (is("not") || is("#") || is("-")) {
        enum operation op = is("not") ? NOT : is("#") ? LENGTH : NEGATE;
        advance();
        emit(op, to, expression(6, to), 0);
        return to;
    }
    if (accept("(")) {
        at = expression(0, to);
        expect(")");
    } else if (token == ANY) {
        at = find_local();
        if (at >= 0) {
            advance();
        } else {
            emit(GLOBAL, to, name(), 0);
            at = to;
        }
    } else {
        fail();
    }
    return postfix(at, to);
}

static const struct { const char *text; int binds; enum operation op; int swapped; } operators[] = {
    {"or", 1, IF, 0}, {"and", 2, IF_NOT, 0}, {"==", 3, EQUAL, 0}, {"~=", 3, UNEQUAL, 0}, {"<", 3, LESS, 0},
    {">", 3, LESS, 1}, {"<=", 3, NOT_ABOVE, 0}, {">=", 3, NOT_ABOVE, 1}, {"..", 4, JOIN, 0}, {"+", 5, ADD, 0},
    {"-", 5, SUBTRACT, 0}, {"*", 6, MULTIPLY, 0}, {"//", 6, DIVIDE, 0}, {"%", 6, REMAINDER, 0},
};

/* Compile operators that bind more than `least`. The register or constant in which the result is: `to`, which is above
 * those of the local variables, or one of theirs. */
static int expression(int least, int to)
{
    int at = primary(to);
    for (;;) {
        int found = -1;
        for (int n = 0; n < (int)(sizeof operators / sizeof *operators); n++)
            if (is(operators[n].text) && operators[n].binds > least)
                found = n;
        if (found < 0)
            return at;
        enum operation op = operators[found].op;
        advance();
        if (op == IF || op == IF_NOT) {
            if (at != to)
                emit(MOVE, to, at, 0);
            int jump = emit(op, to, 0, 0), right = expression(operators[found].binds, to);
            if (right != to)
                emit(MOVE, to, right, 0);
            lead(jump, made->size);
        } else {
            int right = expression(operators[found].binds, at == to ? to + 1 : to);
            emit(op, to, operators[found].swapped ? right : at, operators[found].swapped ? at : right);
        }
        at = to;
    }
}

static void block(void);

/* A condition, and a jump for when it does not hold. */
static int condition(void)
{
    int at = expression(0, local_count);
    if (at >= 128)
        emit(MOVE, local_count, at, 0), at = local_count;
    return emit(IF_NOT, at, 0, 0);
}

static void branches(void)
{
    int otherwise = condition(), end;
    expect("then");
    block();
    if (accept("end")) {
        lead(otherwise, made->size);
        return;
    }
    end = emit(JUMP, 0, 0, 0);
    lead(otherwise, made->size);
    if (accept("elseif")) {
        branches();
    } else {
        expect("else");
        block();
        expect("end");
    }
    lead(end, made->size);
}

static void loop(void)
{
    int outside = local_count, variable = add_local(spelling, spelled);
    advance();
    expect("=");
    into(variable);
    expect(",");
    into(add_local("", 0));
    expect("do");
    emit(SUBTRACT, variable, variable, constant(number(1)));
    int jump = emit(JUMP, 0, 0, 0), body = made->size;
    block();
    expect("end");
    lead(jump, made->size);
    lead(emit(STEP, variable, 0, 0), body);
    local_count = outside;
}

/* An assignment or a call. */
static void simple(void)
{
    int at = find_local(), free = local_count, global = -1, at_key = -1;
    if (at >= 0)
        advance();
    else
        global = name();
    if (accept("=")) {
        int value = expression(0, free);
        emit(at >= 0 ? MOVE : SET_GLOBAL, at >= 0 ? at : global, value, 0);
        return;
    }
    if (global >= 0)
        emit(GLOBAL, at = free, global, 0);
    if (is("(")) {
        postfix(at, free);
        return;
    }
    free += at == free;
    while ((at_key = key(free)), !is("=")) {
        emit(GET, local_count, at, at_key);
        at = local_count;
        free = at + 1;
    }
    advance();
    emit(SET, at, at_key, expression(0, free + (at_key == free)));
}

static void function_body(void);

static void statement(void)
{
    if (accept("function")) {
        function_body();
    } else if (accept("local")) {
        const char *text = spelling;
        uint32_t length = spelled;
        advance();
        expect("=");
        into(local_count);
        add_local(text, length);
    } else if (accept("return")) {
        emit(RETURN, 0, expression(0, local_count), 0);
    } else if (accept("if")) {
        branches();
    } else if (accept("while")) {
        int start = made->size, jump = condition();
        expect("do");
        block();
        expect("end");
        lead(emit(JUMP, 0, 0, 0), start);
        lead(jump, made->size);
    } else if (accept("for")) {
        loop();
    } else {
        simple();
    }
}

static void block(void)
{
    int outside = local_count;
    while (!is("end") && !is("else") && !is("elseif") && token != END)
        statement();
    local_count = outside;
}

static struct function *begin(void)
{
    made = allocate(sizeof *made);
    made->parameters = made->size = made->known = made->registers = 0;
    return made;
}

static void finish(void)
{
    emit(RETURN, 0, constant((struct value){NIL, {0}}), 0);
    made->registers += 16; /* more than an expression uses above the one that it began with */
    local_count = 0;
}

/* A function, of which `function` has been read: a global variable, and none within functions or blocks. */
static void function_body(void)
{
    struct function *outer = made;
    int global = name();
    if (local_count)
        fail();
    struct function *inner = begin();
    expect("(");
    while (!accept(")")) {
        made->parameters = add_local(spelling, spelled) + 1;
        advance();
        accept(",");
    }
    block();
    expect("end");
    finish();
    made = outer;
    set_global(made->constants[global - 128], (struct value){FUNCTION, {.function = inner}});
}

const struct function *compile(const char *text)
{
    const struct function *whole = begin();
    source = text;
    advance();
    block();
    if (token != END)
        fail();
    finish();
    return whole;
}
