/* What tcl.c is made of: memory, and strings in it. */
#ifndef TCL_TEXT_H
#define TCL_TEXT_H

#include "../kernels/kernel.h"

enum { ARENA = 1 << 19, CLASSES = 16 };

/* --- Memory: free blocks of each power of 2 --- */

struct block {
    uint32_t class, unused;
};

static struct block arena[ARENA / sizeof(struct block)], *unused[CLASSES];
static uint32_t arena_used;

static void *take(uint32_t size)
{
    uint32_t class = 1;
    while (((uint32_t)sizeof(struct block) << class) - (uint32_t)sizeof(struct block) < size)
        class++;
    struct block *block = unused[class];
    if (block) {
        unused[class] = *(struct block **)(block + 1);
    } else {
        block = &arena[arena_used];
        arena_used += 1u << class;
        if (arena_used > ARENA / sizeof(struct block))
            __builtin_trap();
        block->class = class;
    }
    return block + 1;
}

static void give(void *at)
{
    struct block *block = (struct block *)at - 1;
    *(struct block **)at = unused[block->class];
    unused[block->class] = block;
}

/* --- Strings --- */

struct text {
    char *at;
    uint32_t length, room;
};

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static uint32_t length_of(const char *text)
{
    uint32_t length = 0;
    while (text[length])
        length++;
    return length;
}

static char *copy(const char *text, uint32_t length)
{
    char *to = take(length + 1);
    for (uint32_t n = 0; n < length; n++)
        to[n] = text[n];
    to[length] = 0;
    return to;
}

static void add(struct text *text, const char *more, uint32_t length)
{
    if (text->length + length >= text->room) {
        char *old = text->at;
        text->room = 2 * (text->length + length) + 8;
        text->at = take(text->room);
        for (uint32_t n = 0; n < text->length; n++)
            text->at[n] = old[n];
        if (old)
            give(old);
    }
    for (uint32_t n = 0; n < length; n++)
        text->at[text->length++] = more[n];
    text->at[text->length] = 0;
}

static int32_t number(const char *text)
{
    int negative = *text == '-';
    uint32_t value = 0;
    for (text += negative; *text >= '0' && *text <= '9'; text++)
        value = 10 * value + (uint32_t)(*text - '0');
    return (int32_t)(negative ? 0 - value : value);
}

#endif
