/* Quicksort of 32-bit numbers, median of three, insertion sort for the short runs. */
#include "kernel.h"

enum { COUNT = 1 << 19, ROUNDS = 6, SHORT = 12 };

static uint32_t numbers[COUNT];

KERNEL static void insertion_sort(uint32_t *a, int32_t count)
{
    for (int32_t i = 1; i < count; i++) {
        uint32_t x = a[i];
        int32_t j = i;
        for (; j > 0 && a[j - 1] > x; j--)
            a[j] = a[j - 1];
        a[j] = x;
    }
}

static void order(uint32_t *x, uint32_t *y)
{
    if (*y < *x) {
        uint32_t t = *x;
        *x = *y;
        *y = t;
    }
}

KERNEL static void sort(uint32_t *a, int32_t count)
{
    while (count > SHORT) {
        uint32_t *middle = a + count / 2, *last = a + count - 1;
        order(a, middle);
        order(middle, last);
        order(a, middle);
        uint32_t pivot = *middle;
        int32_t i = -1, j = count;
        for (;;) {
            do i++; while (a[i] < pivot);
            do j--; while (a[j] > pivot);
            if (i >= j)
                break;
            uint32_t t = a[i];
            a[i] = a[j];
            a[j] = t;
        }
        sort(a, j + 1);
        a += j + 1;
        count -= j + 1;
    }
    insertion_sort(a, count);
}

int main(void)
{
    uint32_t state = seed, sum = 0, rounds = part_of(ROUNDS);
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < COUNT; i++)
            numbers[i] = next_random(&state);
        sort(numbers, COUNT);
        for (uint32_t i = 1; i < COUNT; i++)
            if (numbers[i - 1] > numbers[i])
                return 1;
        for (uint32_t i = 0; i < COUNT; i += 997)
            sum = fold(sum, numbers[i]);
    }
    report("quicksort", sum);
    return 0;
}
