/* In the manner of Dhrystone (Weicker 1984), newly written: what system programs were found to consist of. Records copied
 * and followed through pointers, strings of 30 characters compared, enumerations, small procedures, few loops. */
#include "../kernels/kernel.h"

enum { ROUNDS = 3000000, LENGTH = 31 };

enum colour { RED, GREEN, BLUE, WHITE, BLACK };

struct record {
    struct record *next;
    enum colour colour;
    int32_t amount;
    char title[LENGTH];
};

static struct record first, second;
static int32_t table[50], square[50][50];
static int32_t total;
static char mark;
static int found;

KERNEL static int compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (int)(uint8_t)*a - (int)(uint8_t)*b;
}

KERNEL static void copy(char *target, const char *source)
{
    while ((*target++ = *source++))
        ;
}

KERNEL static int same_at(char a, char b)
{
    if (a != b)
        return 0;
    mark = a;
    return 1;
}

/* Is the first title, from its third character on, behind the second? */
KERNEL static int behind(const char *a, const char *b)
{
    int place = 2;
    char last = 0;
    while (place <= 2)
        if (same_at(a[place], b[place + 1])) {
            last = 'A';
            place++;
        } else {
            place += 3;
        }
    if (last >= 'W' && last < 'Z')
        place = 7;
    if (last == 'R')
        return 1;
    if (compare(a, b) > 0) {
        place += 7;
        total = place;
        return 1;
    }
    return 0;
}

KERNEL static int is_blue(enum colour c)
{
    return c == BLUE;
}

KERNEL static enum colour other_colour(enum colour c)
{
    if (!is_blue(c))
        return BLACK;
    switch (c) {
    case RED:
        return RED;
    case GREEN:
        return total > 100 ? RED : BLACK;
    case BLUE:
        return GREEN;
    case WHITE:
        return WHITE;
    default:
        return BLUE;
    }
}

KERNEL static void sum_of(int32_t a, int32_t b, int32_t *result)
{
    *result = a + 2 + b;
}

KERNEL static void fill_tables(int32_t *line, int32_t (*plane)[50], int32_t at, int32_t value)
{
    int32_t place = at + 5;
    line[place] = value;
    line[place + 1] = line[place];
    line[place + 30] = place;
    for (int32_t i = place; i <= place + 1; i++)
        plane[place][i] = place;
    plane[place][place - 1]++;
    plane[place + 20][place] = line[place];
    total = 5;
}

KERNEL static void follow(struct record *record)
{
    struct record *next = record->next;
    *next = first;
    record->amount = 5;
    next->amount = record->amount;
    next->next = record->next;
    if (next->colour == RED) {
        next->amount = 6;
        next->colour = other_colour(record->colour);
        sum_of(next->amount, 10, &next->amount);
    } else {
        *record = *record->next;
    }
}

KERNEL static void adjust(int32_t *value)
{
    int32_t i = *value + 10;
    for (;;)
        if (mark == 'A') {
            i--;
            *value = i - total;
            break;
        } else {
            mark = 'A';
        }
}

KERNEL static uint32_t run(uint32_t rounds)
{
    char one[LENGTH], two[LENGTH];
    uint32_t sum = 0;
    copy(one, "THE FIRST OF SEVERAL STRINGS, ");
    for (uint32_t round = 1; round <= rounds; round++) {
        int32_t a = 2, b = 3, c = 0;
        enum colour colour = GREEN;
        mark = 'A';
        found = mark == 'A';
        copy(two, round & 1 ? "THE FIRST OF SEVERAL STRINGS; " : "THE SECOND OF SEVERAL STRINGS ");
        found = !behind(one, two) || found;
        while (a < b) {
            c = 5 * a - b;
            sum_of(a, b, &c);
            a++;
        }
        fill_tables(table, square, a, c);
        follow(&first);
        for (char letter = 'A'; letter <= 'C'; letter++)
            if (same_at(letter, 'C')) {
                colour = RED;
                b = (int32_t)round;
            }
        b = b * a;
        a = b / c;
        b = 7 * (b - c) - a;
        adjust(&a);
        sum = fold(sum, (uint32_t)(a + b + c + colour + total + found));
    }
    return sum;
}

int main(void)
{
    first.next = &second;
    first.colour = BLUE;
    first.amount = 40;
    copy(first.title, "A RECORD WITH A LONG TITLE IN ");
    uint32_t sum = run(part_of(ROUNDS * seed));
    for (int i = 0; i < 50; i++)
        sum = fold(sum, (uint32_t)(table[i] + square[i][i] + square[i][49 - i]));
    for (int i = 0; second.title[i]; i++)
        sum = fold(sum, (uint8_t)second.title[i]);
    report("dhry", fold(sum, (uint32_t)second.amount));
    return 0;
}
