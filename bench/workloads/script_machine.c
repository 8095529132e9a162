/* The machine of script.h: values, and the execution of instructions. */
#include "script.h"

enum { ARENA = 3 << 20, STRINGS = 1024, REGISTERS = 4096 };

static uint8_t arena[ARENA] __attribute__((aligned(8)));
static uint32_t arena_used;
static struct string *strings[STRINGS];
static struct table *globals;

uint32_t executed;

void *allocate(uint32_t size)
{
    void *at = arena + arena_used;
    arena_used += (size + 7) & ~7u;
    if (arena_used > ARENA)
        fail();
    return at;
}

static int is_true(struct value v)
{
    return v.type != NIL && (v.type != BOOLEAN || v.number);
}

/* --- Strings --- */

struct value make_string(const char *text, uint32_t length)
{
    uint32_t hash = length;
    for (uint32_t n = 0; n < length; n++)
        hash = (hash ^ (uint8_t)text[n]) * 0x01000193u;
    struct string **first = &strings[hash % STRINGS], *at = *first;
    for (; at; at = at->next)
        if (at->hash == hash && at->length == length) {
            uint32_t n = 0;
            while (n < length && at->text[n] == text[n])
                n++;
            if (n == length)
                break;
        }
    if (!at) {
        at = allocate((uint32_t)sizeof *at + length);
        for (uint32_t n = 0; n < length; n++)
            at->text[n] = text[n];
        at->hash = hash;
        at->length = length;
        at->next = *first;
        *first = at;
    }
    return (struct value){STRING, {.string = at}};
}

/* --- Tables --- */

static struct entry *find(struct table *table, struct value key)
{
    uint32_t mask = (uint32_t)table->slots - 1;
    uint32_t at = key.type == STRING ? key.string->hash : (uint32_t)key.number * 0x9e3779b1u >> 16;
    while (table->entries[at & mask].key.type != NIL && !same(table->entries[at & mask].key, key))
        at++;
    return &table->entries[at & mask];
}

static struct value get(struct table *table, struct value key)
{
    if (key.type == NUMBER && (uint32_t)key.number - 1 < (uint32_t)table->count)
        return table->array[key.number - 1];
    return table->slots ? find(table, key)->value : (struct value){NIL, {0}};
}

static void append(struct table *table, struct value v)
{
    if (table->count == table->room) {
        struct value *old = table->array;
        table->room = table->room ? 2 * table->room : 4;
        table->array = allocate((uint32_t)table->room * (uint32_t)sizeof *old);
        for (int32_t n = 0; n < table->count; n++)
            table->array[n] = old[n];
    }
    table->array[table->count++] = v;
}

KERNEL static void put(struct table *table, struct value key, struct value v)
{
    if (key.type == NUMBER && (uint32_t)key.number - 1 < (uint32_t)table->count) {
        table->array[key.number - 1] = v;
        return;
    }
    if (key.type == NUMBER && key.number == table->count + 1) {
        append(table, v);
        return;
    }
    if (key.type != NUMBER && key.type != STRING)
        fail();
    if (4 * (table->used + 1) > 3 * table->slots) {
        struct entry *old = table->entries;
        int32_t slots = table->slots;
        table->slots = slots ? 2 * slots : 4;
        table->entries = allocate((uint32_t)table->slots * (uint32_t)sizeof *old);
        for (int32_t n = 0; n < table->slots; n++)
            table->entries[n].key = table->entries[n].value = (struct value){NIL, {0}};
        for (int32_t n = 0; n < slots; n++)
            if (old[n].key.type != NIL)
                *find(table, old[n].key) = old[n];
    }
    struct entry *entry = find(table, key);
    table->used += entry->key.type == NIL;
    entry->key = key;
    entry->value = v;
}

KERNEL static struct value make_table(void)
{
    struct table *table = allocate(sizeof *table);
    table->array = 0;
    table->entries = 0;
    table->count = table->room = table->used = table->slots = 0;
    return (struct value){TABLE, {.table = table}};
}

/* --- Execution --- */

static struct value registers[REGISTERS];

KERNEL static struct value join(struct value a, struct value b)
{
    char text[512];
    uint32_t length = 0;
    for (int part = 0; part < 2; part++) {
        struct value v = part ? b : a;
        if (v.type == NUMBER) {
            char digits[12];
            uint32_t count = 0, rest = v.number < 0 ? 0 - (uint32_t)v.number : (uint32_t)v.number;
            do {
                digits[count++] = (char)('0' + rest % 10);
            } while (rest /= 10);
            if (v.number < 0)
                digits[count++] = '-';
            while (count)
                text[length++] = digits[--count];
        } else if (v.type == STRING && length + v.string->length <= sizeof text - 12) {
            for (uint32_t n = 0; n < v.string->length; n++)
                text[length++] = v.string->text[n];
        } else {
            fail();
        }
    }
    return make_string(text, length);
}

static int less(struct value a, struct value b)
{
    if (a.type == NUMBER && b.type == NUMBER)
        return a.number < b.number;
    if (a.type != STRING || b.type != STRING)
        fail();
    uint32_t n = 0, shorter = a.string->length < b.string->length ? a.string->length : b.string->length;
    while (n < shorter && a.string->text[n] == b.string->text[n])
        n++;
    return n < shorter ? (uint8_t)a.string->text[n] < (uint8_t)b.string->text[n] : a.string->length < b.string->length;
}

static int32_t arithmetic(enum operation op, struct value a, struct value b)
{
    if (a.type != NUMBER || b.type != NUMBER)
        fail();
    switch (op) {
    case ADD:
        return (int32_t)((uint32_t)a.number + (uint32_t)b.number);
    case SUBTRACT:
        return (int32_t)((uint32_t)a.number - (uint32_t)b.number);
    case MULTIPLY:
        return (int32_t)((uint32_t)a.number * (uint32_t)b.number);
    default:
        if (b.number <= 0)
            fail();
        return op == DIVIDE ? a.number / b.number : a.number % b.number;
    }
}

/* Run a function whose arguments are in its first registers. */
KERNEL static struct value run(const struct function *function, struct value *r)
{
    const uint32_t *pc = function->code;
    const struct value *constants = function->constants;
    uint32_t count = 0;
    if (r + function->registers > registers + REGISTERS)
        fail();
#define B (*(b < 128 ? &r[b] : &constants[b - 128]))
#define C (*(c < 128 ? &r[c] : &constants[c - 128]))
    for (;;) {
        uint32_t insn = *pc++, b = insn >> 16 & 255, c = insn >> 24;
        struct value *a = &r[insn >> 8 & 255];
        int32_t distance = (int32_t)insn >> 16;
        enum operation op = insn & 255;
        count++;
        switch (op) {
        case MOVE:
            *a = B;
            break;
        case GLOBAL:
            *a = get(globals, B);
            break;
        case SET_GLOBAL:
            put(globals, constants[(insn >> 8 & 255) - 128], B);
            break;
        case NEW:
            *a = make_table();
            break;
        case GET:
            if (B.type != TABLE)
                fail();
            *a = get(B.table, C);
            break;
        case SET:
            if (a->type != TABLE)
                fail();
            put(a->table, B, C);
            break;
        case ADD: case SUBTRACT: case MULTIPLY: case DIVIDE: case REMAINDER:
            *a = number(arithmetic(op, B, C));
            break;
        case JOIN:
            *a = join(B, C);
            break;
        case EQUAL:
            *a = truth(same(B, C));
            break;
        case UNEQUAL:
            *a = truth(!same(B, C));
            break;
        case LESS:
            *a = truth(less(B, C));
            break;
        case NOT_ABOVE:
            *a = truth(!less(C, B));
            break;
        case LENGTH:
            *a = number(B.type == TABLE ? B.table->count : B.type == STRING ? (int32_t)B.string->length : 0);
            break;
        case NOT:
            *a = truth(!is_true(B));
            break;
        case NEGATE:
            *a = number(-arithmetic(ADD, B, number(0)));
            break;
        case JUMP:
            pc += distance;
            break;
        case IF_NOT:
            pc += is_true(*a) ? 0 : distance;
            break;
        case IF:
            pc += is_true(*a) ? distance : 0;
            break;
        case STEP:
            pc += ++a->number <= a[1].number ? distance : 0;
            break;
        case CALL:
            if (a->type == NATIVE) {
                *a = a->native(a + 1, (int)b);
            } else if (a->type == FUNCTION) {
                for (int n = (int)b; n < a->function->parameters; n++)
                    a[n + 1] = (struct value){NIL, {0}};
                *a = run(a->function, a + 1);
            } else {
                fail();
            }
            break;
        default:
            executed += count;
            return B;
        }
    }
#undef B
#undef C
}

/* --- What is not written in the language itself --- */

/* byte(s, n): the character there, a number. */
static struct value native_byte(const struct value *arguments, int count)
{
    if (count != 2 || arguments[0].type != STRING || (uint32_t)arguments[1].number - 1 >= arguments[0].string->length)
        fail();
    return number((uint8_t)arguments[0].string->text[arguments[1].number - 1]);
}

/* sub(s, first, last): a part of a string. */
static struct value native_sub(const struct value *arguments, int count)
{
    if (count != 3 || arguments[0].type != STRING)
        fail();
    int32_t first = arguments[1].number - 1, last = arguments[2].number, length = (int32_t)arguments[0].string->length;
    first = first < 0 ? 0 : first;
    last = last > length ? length : last;
    return make_string(arguments[0].string->text + first, first < last ? (uint32_t)(last - first) : 0);
}

void set_global(struct value name, struct value v)
{
    put(globals, name, v);
}

static void add_natives(void)
{
    set_global(make_string("byte", 4), (struct value){NATIVE, {.native = native_byte}});
    set_global(make_string("sub", 3), (struct value){NATIVE, {.native = native_sub}});
}

void run_script(const char *text)
{
    arena_used = 0;
    for (int n = 0; n < STRINGS; n++)
        strings[n] = 0;
    globals = make_table().table;
    add_natives();
    run(compile(text), registers);
}

uint32_t result(const char *text, uint32_t length)
{
    struct value v = get(globals, make_string(text, length));
    if (v.type != NUMBER)
        fail();
    return (uint32_t)v.number;
}
