/* wordcount: lines, words and bytes of what is read from the console, and the words that are most frequent: a hash table that
 * grows, strings in memory of their own, qsort().
 *
 *   Run it:     ring1 run examples/c/wordcount.c < examples/c/wordcount.c
 *   Look for:   the counts, as `wc` prints them, and a table of ten words. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64, SHOWN = 10 };

struct word {
    char *text;
    unsigned long count;
};

/* Open addressing; `size` is a power of two, and at most half of the places are taken. */
static struct word *table;
static size_t size, taken;

static void *checked(void *memory)
{
    if (!memory) {
        fprintf(stderr, "wordcount: no memory\n");
        exit(1);
    }
    return memory;
}

/* The place of a word in the table, or the free one where it belongs. */
static struct word *find(const char *text)
{
    unsigned hash = 2166136261u;
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t at = hash & (size - 1);
    while (table[at].text && strcmp(table[at].text, text) != 0)
        at = (at + 1) & (size - 1);
    return &table[at];
}

static void grow(void)
{
    struct word *old = table;
    size_t before = size;
    size = size ? 2 * size : 16;
    table = checked(calloc(size, sizeof *table));
    for (size_t i = 0; i < before; i++)
        if (old[i].text)
            *find(old[i].text) = old[i];
    free(old);
}

static void add(const char *text)
{
    if (2 * taken >= size)
        grow();
    struct word *word = find(text);
    if (!word->text) {
        word->text = checked(malloc(strlen(text) + 1));
        strcpy(word->text, text);
        taken++;
    }
    word->count++;
}

/* The most frequent first, words of one frequency in the order of the alphabet; free places at the end. */
static int compare(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return x->text && y->text ? strcmp(x->text, y->text) : 0;
}

int main(void)
{
    unsigned long lines = 0, words = 0, bytes = 0;
    char word[LONGEST + 1];
    int c, length = 0, inside = 0;
    do {
        c = getchar();
        if (c != EOF)
            bytes++;
        if (c == '\n')
            lines++;
        int blank = c == EOF || isspace(c);
        words += !blank && !inside;
        inside = !blank;
        if (c != EOF && isalnum(c)) {
            if (length < LONGEST)
                word[length++] = (char)tolower(c);
        } else if (length) {
            word[length] = 0;
            add(word);
            length = 0;
        }
    } while (c != EOF);
    printf("%lu lines, %lu words, %lu bytes; %lu different words\n", lines, words, bytes, (unsigned long)taken);
    if (table)
        qsort(table, size, sizeof *table, compare);
    for (size_t i = 0; i < SHOWN && i < taken; i++)
        printf("%6lu %s\n", table[i].count, table[i].text);
    for (size_t i = 0; i < taken; i++)
        free(table[i].text);
    free(table);
    return 0;
}
