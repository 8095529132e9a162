/* A linked list walked from end to end, its nodes in an order that memory does not have.
 * A node fills 16 bytes in both builds, so that the caches hold as many of them. */
#include "kernel.h"

enum { NODES = 1 << 13, WALKS = 8000 };

struct node {
    struct node *next;
    uint32_t value;
} __attribute__((aligned(16)));

static struct node nodes[NODES];
static uint32_t places[NODES];

KERNEL static struct node *build(uint32_t *state)
{
    for (uint32_t i = 0; i < NODES; i++)
        places[i] = i;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = next_random(state) % (i + 1), t = places[i];
        places[i] = places[j];
        places[j] = t;
    }
    struct node *first = 0;
    for (uint32_t i = 0; i < NODES; i++) {
        struct node *node = &nodes[places[i]];
        node->value = next_random(state);
        node->next = first;
        first = node;
    }
    return first;
}

KERNEL static uint32_t walk(const struct node *node)
{
    uint32_t sum = 0;
    for (; node; node = node->next)
        sum += node->value;
    return sum;
}

int main(void)
{
    uint32_t state = seed, sum = 0, walks = part_of(WALKS);
    struct node *first = build(&state);
    for (uint32_t i = 0; i < walks; i++) {
        first->value += i;
        sum = fold(sum, walk(first));
    }
    report("listwalk", sum);
    return 0;
}
