/* queens: in how many ways n queens can stand on a board of n by n squares without attacking each other; recursion, and
 * sets as the bits of a word.
 *
 *   Run it:     ring1 run examples/c/queens.c
 *   Look for:   92 ways for eight queens, of which the first is drawn; 724 for ten. */
#include <stdio.h>

enum { MOST = 10 };

static int columns[MOST];

/* Fill the rows from `row` on. A bit is set for each column taken, and for each under attack along a diagonal. */
static long place(int n, int row, unsigned taken, unsigned left, unsigned right, int *shown)
{
    if (row == n) {
        if (*shown)
            return 1;
        *shown = 1;
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++)
                printf(" %c", columns[i] == k ? 'Q' : '.');
            printf("\n");
        }
        return 1;
    }
    long ways = 0;
    for (unsigned open = ~(taken | left | right) & ((1u << n) - 1); open; open &= open - 1) {
        unsigned here = open & -open;
        columns[row] = 0;
        while (here >> columns[row] != 1)
            columns[row]++;
        ways += place(n, row + 1, taken | here, (left | here) << 1, (right | here) >> 1, shown);
    }
    return ways;
}

int main(void)
{
    for (int n = 1; n <= MOST; n++) {
        int shown = n != 8;
        long ways = place(n, 0, 0, 0, 0, &shown);
        printf("%2d queens: %ld way%s\n", n, ways, ways == 1 ? "" : "s");
    }
    return 0;
}
