/* malloc() and its like.
 *
 * The heap begins behind the program (end.s) and ends with RAM, or before what the loader has put there (start.s).
 *
 * Blocks lie one behind the other from `first` to `end`. Free ones of up to SMALL bytes are in a list for their size,
 * larger ones in one list, which is searched for the first that fits. They are merged only by sweep(), when a request
 * cannot be met otherwise and at least a quarter of the heap is free, or RAM is used up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rt.h"

enum { UNIT = 16, HEADER = 8, SMALL = 512, FREE = 1, MARGIN = 64 * 1024 };

/* Memory that is handed out begins HEADER bytes behind the address of its block, at a multiple of UNIT. */
struct block {
    _Alignas(HEADER) size_t size; /* with the header: a multiple of UNIT; bit 0: free */
    struct block *next; /* only of a free block: its list */
};

extern char __heap_start[], *const __heap_end;

static struct block *small[SMALL / UNIT + 1], *large;
static char *first, *end;
static size_t free_bytes;

static void *memory_of(struct block *block)
{
    return (char *)block + HEADER;
}

static struct block *block_of(void *memory)
{
    return (struct block *)((char *)memory - HEADER);
}

static void put_aside(struct block *block, size_t size)
{
    struct block **list = size <= SMALL ? &small[size / UNIT] : &large;
    block->size = size | FREE;
    block->next = *list;
    *list = block;
    free_bytes += size;
}

/* The block is in use again, what it does not need of its bytes is a free block behind it. */
static struct block *take(struct block *block, size_t wanted)
{
    size_t size = block->size & ~(size_t)FREE;
    free_bytes -= size;
    if (size - wanted >= 2 * UNIT) {
        put_aside((struct block *)((char *)block + wanted), size - wanted);
        size = wanted;
    }
    block->size = size;
    return block;
}

/* Merge free neighbours; those at the end of the heap are no longer part of it. */
static void sweep(void)
{
    struct block *run = NULL;
    memset(small, 0, sizeof small);
    large = NULL;
    free_bytes = 0;
    for (char *at = first; at < end;) {
        struct block *block = (struct block *)at;
        at += block->size & ~(size_t)FREE;
        if (!(block->size & FREE)) {
            if (run)
                put_aside(run, (size_t)((char *)block - (char *)run));
            run = NULL;
        } else if (!run) {
            run = block;
        }
    }
    if (run)
        end = (char *)run;
}

static struct block *find(size_t wanted)
{
    if (wanted <= SMALL && small[wanted / UNIT]) {
        struct block *block = small[wanted / UNIT];
        small[wanted / UNIT] = block->next;
        return take(block, wanted);
    }
    for (struct block **link = &large; *link; link = &(*link)->next)
        if ((*link)->size >= wanted) {
            struct block *block = *link;
            *link = block->next;
            return take(block, wanted);
        }
    return NULL;
}

/* Is there room for `size` bytes behind the heap? */
static bool room_for(size_t size)
{
    if (!end)
        first = end = __heap_start + UNIT - HEADER;
    uintptr_t limit = (uintptr_t)__heap_end, stack = (uintptr_t)__builtin_frame_address(0);
    if (!limit && stack > (uintptr_t)end) /* a program with a start of its own, and its stack behind the heap */
        limit = stack - MARGIN;
    uintptr_t last = limit - 1, at = (uintptr_t)end - 1; /* RAM may end at 2^32, which is 0 */
    return at <= last && last - at >= size;
}

/* malloc(), by a name of which GCC knows nothing: it takes what lies before a block that malloc() returns for undefined. */
static void *allocate(size_t size)
{
    if (size > PTRDIFF_MAX - 2 * UNIT) {
        errno = ENOMEM;
        return NULL;
    }
    size_t wanted = (size + HEADER + UNIT - 1) & ~(size_t)(UNIT - 1);
    struct block *block = find(wanted);
    if (!block && free_bytes > wanted && (free_bytes > (size_t)(end - first) / 4 || !room_for(wanted))) {
        sweep();
        block = find(wanted);
    }
    if (!block) {
        if (!room_for(wanted)) {
            errno = ENOMEM;
            return NULL;
        }
        block = (struct block *)end;
        block->size = wanted;
        end += wanted;
    }
    return memory_of(block);
}

void *malloc(size_t size)
{
    return allocate(size);
}

void free(void *memory)
{
    if (!memory)
        return;
    struct block *block = block_of(memory);
    if ((char *)block < first || (char *)block >= end || block->size & FREE) {
        puts("free(): this is no block in use");
        abort();
    }
    put_aside(block, block->size);
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    uint32_t *memory = allocate(bytes);
    if (memory)
        for (size_t i = 0; i < (bytes + 3) / 4; i++)
            memory[i] = 0;
    return memory;
}

void *realloc(void *memory, size_t size)
{
    if (!memory)
        return allocate(size);
    struct block *block = block_of(memory);
    if (size <= block->size - HEADER)
        return memory;
    size_t more = ((size + HEADER + UNIT - 1) & ~(size_t)(UNIT - 1)) - block->size;
    if (size <= PTRDIFF_MAX - 2 * UNIT && (char *)block + block->size == end && room_for(more)) {
        block->size += more;
        end += more;
        return memory;
    }
    void *moved = allocate(size);
    if (!moved)
        return NULL;
    memcpy(moved, memory, block->size - HEADER);
    free(memory);
    return moved;
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, bytes);
}

/* What is cut off in front becomes a free block. */
void *aligned_alloc(size_t alignment, size_t size)
{
    if (alignment <= UNIT)
        return allocate(size);
    if (size > PTRDIFF_MAX / 2 || alignment > PTRDIFF_MAX / 4) {
        errno = ENOMEM;
        return NULL;
    }
    char *memory = allocate(size + 2 * alignment);
    if (!memory || (uintptr_t)memory % alignment == 0)
        return memory;
    struct block *front = block_of(memory);
    struct block *block = block_of((void *)(((uintptr_t)memory + 2 * UNIT + alignment - 1) & -alignment));
    size_t cut = (size_t)((char *)block - (char *)front);
    block->size = front->size - cut;
    put_aside(front, cut);
    return memory_of(block);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *block = aligned_alloc(alignment, size);
    if (!block)
        return ENOMEM;
    *memory = block;
    return 0;
}
