/* qsort(): a merge sort, which keeps the order of equal elements as glibc's does; by a heap, in place, if there is no memory
 * for half of them. bsearch(). */
#include <stdlib.h>
#include <string.h>
#include "rt.h"

typedef int comparison(const void *, const void *);

static inline void copy(char *to, const char *from, size_t size)
{
    if (size == 4)
        *(uint32_t *)to = *(const uint32_t *)from;
    else
        memcpy(to, from, size);
}

/* Sort `count` elements; `spare` has room for half of them, and is aligned as they are. */
static void merge_sort(char *base, size_t count, size_t size, comparison *compare, char *spare)
{
    if (count < 2)
        return;
    size_t half = count / 2;
    char *right = base + half * size, *end = base + count * size;
    merge_sort(base, half, size, compare, spare);
    merge_sort(right, count - half, size, compare, spare);
    if (compare(right - size, right) <= 0)
        return;
    memcpy(spare, base, half * size);
    char *left = spare, *left_end = spare + half * size, *to = base;
    while (left < left_end) {
        if (right < end && compare(left, right) > 0) {
            copy(to, right, size);
            right += size;
        } else {
            copy(to, left, size);
            left += size;
        }
        to += size;
    }
}

static void exchange(char *a, char *b, size_t size)
{
    while (size--) {
        char t = *a;
        *a++ = *b;
        *b++ = t;
    }
}

/* Element `at` moves down until none of its children is larger. */
static void sift(char *base, size_t at, size_t count, size_t size, comparison *compare)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            return;
        char *larger = base + child * size;
        if (child + 1 < count && compare(larger, larger + size) < 0) {
            child++;
            larger += size;
        }
        char *here = base + at * size;
        if (compare(here, larger) >= 0)
            return;
        exchange(here, larger, size);
        at = child;
    }
}

static void heap_sort(char *base, size_t count, size_t size, comparison *compare)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(base, i, count, size, compare);
    while (count > 1) {
        count--;
        exchange(base, base + count * size, size);
        sift(base, 0, count, size, compare);
    }
}

void qsort(void *base, size_t count, size_t size, comparison *compare)
{
    char few[256], *spare = few;
    if (count < 2)
        return;
    if (count / 2 * size > sizeof few)
        spare = malloc(count / 2 * size);
    if (!spare) {
        heap_sort(base, count, size, compare);
        return;
    }
    merge_sort(base, count, size, compare, spare);
    if (spare != few)
        free(spare);
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, comparison *compare)
{
    const char *low = base;
    while (count) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
