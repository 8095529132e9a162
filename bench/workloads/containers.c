/* Containers, as libraries have them: a list that is sorted by merging, trees balanced by height (AVL), a hash table with
 * chains, arrays sorted with quicksort and with a heap. */
#include "../kernels/kernel.h"

enum { ROUNDS = 3500, COUNT = 400, BUCKETS = 128 };

/* --- Nodes of trees, lists and chains from one store --- */

struct node {
    struct node *left, *right; /* `right` is `next` in a list */
    int32_t key, value, height;
};

static struct node store[4 * COUNT];
static struct node *unused;

KERNEL static void free_all(void)
{
    unused = 0;
    for (int n = 4 * COUNT; n-- > 0;) {
        store[n].right = unused;
        unused = &store[n];
    }
}

static struct node *make(int32_t key, int32_t value)
{
    struct node *node = unused;
    unused = node->right;
    node->left = node->right = 0;
    node->key = key;
    node->value = value;
    node->height = 1;
    return node;
}

static void drop(struct node *node)
{
    node->right = unused;
    unused = node;
}

/* --- Trees --- */

static int32_t height(const struct node *tree)
{
    return tree ? tree->height : 0;
}

static void measure(struct node *tree)
{
    int32_t left = height(tree->left), right = height(tree->right);
    tree->height = 1 + (left > right ? left : right);
}

static struct node *rotate_right(struct node *tree)
{
    struct node *top = tree->left;
    tree->left = top->right;
    top->right = tree;
    measure(tree);
    measure(top);
    return top;
}

static struct node *rotate_left(struct node *tree)
{
    struct node *top = tree->right;
    tree->right = top->left;
    top->left = tree;
    measure(tree);
    measure(top);
    return top;
}

static struct node *balance(struct node *tree)
{
    int32_t lean = height(tree->left) - height(tree->right);
    if (lean > 1) {
        if (height(tree->left->left) < height(tree->left->right))
            tree->left = rotate_left(tree->left);
        return rotate_right(tree);
    }
    if (lean < -1) {
        if (height(tree->right->right) < height(tree->right->left))
            tree->right = rotate_right(tree->right);
        return rotate_left(tree);
    }
    measure(tree);
    return tree;
}

KERNEL static struct node *insert(struct node *tree, int32_t key)
{
    if (!tree)
        return make(key, 1);
    if (key < tree->key)
        tree->left = insert(tree->left, key);
    else if (key > tree->key)
        tree->right = insert(tree->right, key);
    else
        tree->value++;
    return balance(tree);
}

static struct node *take_least(struct node *tree, struct node **least)
{
    if (!tree->left) {
        *least = tree;
        return tree->right;
    }
    tree->left = take_least(tree->left, least);
    return balance(tree);
}

KERNEL static struct node *delete(struct node *tree, int32_t key)
{
    if (!tree)
        return 0;
    if (key < tree->key) {
        tree->left = delete(tree->left, key);
    } else if (key > tree->key) {
        tree->right = delete(tree->right, key);
    } else {
        struct node *left = tree->left, *right = tree->right, *least;
        drop(tree);
        if (!right)
            return left;
        right = take_least(right, &least);
        least->left = left;
        least->right = right;
        tree = least;
    }
    return balance(tree);
}

KERNEL static uint32_t walk(const struct node *tree, uint32_t sum)
{
    for (; tree; tree = tree->right)
        sum = fold(walk(tree->left, sum), (uint32_t)(tree->key * 4 + tree->value + tree->height));
    return sum;
}

KERNEL static uint32_t trees(const int32_t *keys, uint32_t sum)
{
    struct node *tree = 0;
    for (int n = 0; n < COUNT; n++)
        tree = insert(tree, keys[n]);
    for (int n = 0; n < COUNT; n += 3)
        tree = delete(tree, keys[n]);
    for (int n = 0; n < COUNT; n++) {
        const struct node *at = tree;
        while (at && at->key != keys[n])
            at = keys[n] < at->key ? at->left : at->right;
        sum += at ? (uint32_t)at->value : 1;
    }
    return walk(tree, sum);
}

/* --- Lists --- */

static struct node *merge(struct node *a, struct node *b)
{
    struct node *head = 0, **tail = &head;
    while (a && b) {
        struct node **less = b->key < a->key ? &b : &a;
        *tail = *less;
        tail = &(*less)->right;
        *less = *tail;
    }
    *tail = a ? a : b;
    return head;
}

KERNEL static struct node *sort_list(struct node *list)
{
    if (!list || !list->right)
        return list;
    struct node *half = list, *end = list->right;
    while (end && end->right) {
        half = half->right;
        end = end->right->right;
    }
    struct node *rest = half->right;
    half->right = 0;
    return merge(sort_list(list), sort_list(rest));
}

KERNEL static uint32_t lists(const int32_t *keys, uint32_t sum)
{
    struct node *list = 0;
    for (int n = 0; n < COUNT; n++) {
        struct node *node = make(keys[n], n);
        node->right = list;
        list = node;
    }
    list = sort_list(list);
    for (struct node *at = list; at && at->right;) /* equal neighbours become one */
        if (at->key == at->right->key) {
            struct node *gone = at->right;
            at->right = gone->right;
            drop(gone);
        } else {
            at = at->right;
        }
    for (; list; list = list->right)
        sum = fold(sum, (uint32_t)list->value);
    return sum;
}

/* --- The hash table --- */

static struct node *buckets[BUCKETS];

static struct node **bucket(int32_t key)
{
    return &buckets[((uint32_t)key * 0x9e3779b1u) >> 16 & (BUCKETS - 1)];
}

KERNEL static void count_key(int32_t key)
{
    struct node **first = bucket(key), *at = *first;
    while (at && at->key != key)
        at = at->right;
    if (at) {
        at->value++;
    } else {
        at = make(key, 1);
        at->right = *first;
        *first = at;
    }
}

KERNEL static void remove_key(int32_t key)
{
    for (struct node **at = bucket(key); *at; at = &(*at)->right)
        if ((*at)->key == key) {
            struct node *gone = *at;
            *at = gone->right;
            drop(gone);
            return;
        }
}

KERNEL static uint32_t hashes(const int32_t *keys, uint32_t sum)
{
    for (int n = 0; n < BUCKETS; n++)
        buckets[n] = 0;
    for (int n = 0; n < COUNT; n++)
        count_key(keys[n]);
    for (int n = 0; n < COUNT; n += 2)
        remove_key(keys[n]);
    for (int n = 0; n < BUCKETS; n++)
        for (const struct node *at = buckets[n]; at; at = at->right)
            sum = fold(sum, (uint32_t)(at->key ^ at->value));
    return sum;
}

/* --- Arrays --- */

typedef int comparison(int32_t, int32_t);

KERNEL static int ascending(int32_t a, int32_t b)
{
    return (a > b) - (a < b);
}

KERNEL static int by_low_bits(int32_t a, int32_t b)
{
    return (a & 255) != (b & 255) ? (a & 255) - (b & 255) : ascending(a, b);
}

KERNEL static void quicksort(int32_t *a, int count, comparison *compare)
{
    while (count > 8) {
        int32_t pivot = a[count / 2];
        int i = 0, j = count - 1;
        while (i <= j) {
            while (compare(a[i], pivot) < 0)
                i++;
            while (compare(a[j], pivot) > 0)
                j--;
            if (i <= j) {
                int32_t other = a[i];
                a[i++] = a[j];
                a[j--] = other;
            }
        }
        quicksort(a, j + 1, compare);
        a += i;
        count -= i;
    }
    for (int i = 1; i < count; i++) {
        int32_t value = a[i];
        int j = i;
        for (; j > 0 && compare(a[j - 1], value) > 0; j--)
            a[j] = a[j - 1];
        a[j] = value;
    }
}

static void sink(int32_t *heap, int at, int count)
{
    int32_t value = heap[at];
    for (int child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && heap[child + 1] > heap[child];
        if (heap[child] <= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

KERNEL static void heapsort(int32_t *heap, int count)
{
    for (int n = count / 2; n-- > 0;)
        sink(heap, n, count);
    while (--count > 0) {
        int32_t largest = heap[0];
        heap[0] = heap[count];
        heap[count] = largest;
        sink(heap, 0, count);
    }
}

KERNEL static uint32_t arrays(int32_t *keys, uint32_t sum)
{
    static int32_t copy[COUNT];
    for (int n = 0; n < COUNT; n++)
        copy[n] = keys[n];
    quicksort(keys, COUNT, by_low_bits);
    sum = fold(sum, (uint32_t)keys[COUNT / 3]);
    quicksort(keys, COUNT, ascending);
    heapsort(copy, COUNT);
    for (int n = 0; n < COUNT; n++)
        if (copy[n] != keys[n])
            return 0;
    return fold(sum, (uint32_t)keys[COUNT / 2]);
}

int main(void)
{
    static int32_t keys[COUNT];
    uint32_t random = seed * 0x2545f491u, sum = 0;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        for (int n = 0; n < COUNT; n++)
            keys[n] = (int32_t)(next_random(&random) >> (n & 1 ? 22 : 12)) - 512;
        free_all();
        sum = trees(keys, sum);
        sum = lists(keys, sum);
        sum = hashes(keys, sum);
        sum = arrays(keys, sum);
    }
    report("containers", sum);
    return 0;
}
