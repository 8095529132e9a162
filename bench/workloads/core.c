/* In the manner of CoreMark (EEMBC 2009), newly written: a linked list searched and sorted, a matrix of 16-bit numbers,
 * a state machine that recognizes numbers, and a CRC over everything that they compute. */
#include "../kernels/kernel.h"

enum { ROUNDS = 12000, ITEMS = 120, SIDE = 12, TEXT = 700 };

/* --- CRC-16 (CCITT), bit by bit --- */

static uint32_t crc16_byte(uint32_t crc, uint32_t byte)
{
    for (int bit = 0; bit < 8; bit++) {
        uint32_t out = (crc ^ byte) & 1;
        byte >>= 1;
        crc >>= 1;
        if (out)
            crc ^= 0x8408;
    }
    return crc;
}

KERNEL static uint32_t crc16(uint32_t crc, uint32_t value)
{
    crc = crc16_byte(crc, value & 255);
    return crc16_byte(crc, value >> 8 & 255);
}

/* --- The list --- */

struct data {
    int16_t value, index;
};

struct item {
    struct item *next;
    struct data *data;
};

static struct item items[ITEMS];
static struct data contents[ITEMS];

typedef int comparison(const struct data *, const struct data *);

KERNEL static int by_index(const struct data *a, const struct data *b)
{
    return a->index - b->index;
}

KERNEL static int by_value(const struct data *a, const struct data *b)
{
    return (a->value & 0x7f) - (b->value & 0x7f);
}

KERNEL static struct item *find(struct item *item, int value)
{
    while (item && (item->data->value & 0xff) != value)
        item = item->next;
    return item;
}

KERNEL static struct item *reverse(struct item *item)
{
    struct item *done = 0;
    while (item) {
        struct item *next = item->next;
        item->next = done;
        done = item;
        item = next;
    }
    return done;
}

/* Merge sort from the bottom up. */
KERNEL static struct item *sort(struct item *list, comparison *compare)
{
    for (int run = 1;; run *= 2) {
        struct item *p = list, *tail = 0;
        int merges = 0;
        list = 0;
        while (p) {
            struct item *q = p;
            int left = 0, right = run;
            merges++;
            while (left < run && q) {
                left++;
                q = q->next;
            }
            while (left > 0 || (right > 0 && q)) {
                struct item *e;
                if (left > 0 && (right == 0 || !q || compare(p->data, q->data) <= 0)) {
                    e = p;
                    p = p->next;
                    left--;
                } else {
                    e = q;
                    q = q->next;
                    right--;
                }
                if (tail)
                    tail->next = e;
                else
                    list = e;
                tail = e;
            }
            p = q;
        }
        tail->next = 0;
        if (merges <= 1)
            return list;
    }
}

KERNEL static uint32_t lists(struct item **list, uint32_t round, uint32_t crc)
{
    uint32_t hits = 0;
    for (int value = 0; value < 24; value++) {
        struct item *hit = find(*list, (int)((round + (uint32_t)value * 11) & 0xff));
        *list = reverse(*list);
        if (hit) {
            hits++;
            crc = crc16(crc, (uint32_t)hit->data->index);
        }
    }
    *list = sort(*list, by_value);
    for (struct item *item = *list; item; item = item->next)
        crc = crc16(crc, (uint32_t)item->data->index);
    *list = sort(*list, by_index);
    return crc16(crc, hits);
}

/* --- The matrix --- */

static int16_t a[SIDE][SIDE], b[SIDE][SIDE];
static int32_t c[SIDE][SIDE];

KERNEL static void add_constant(int16_t (*m)[SIDE], int32_t value)
{
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            m[i][j] = (int16_t)(m[i][j] + value);
}

KERNEL static void multiply(void)
{
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum = (int32_t)((uint32_t)sum + (uint32_t)(a[i][k] * b[k][j]));
            c[i][j] = sum;
        }
}

KERNEL static void multiply_fields(void)
{
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++) {
                int32_t product = a[i][k] * b[k][j];
                sum += (product >> 2 & 15) * (product >> 5 & 127);
            }
            c[i][j] = sum;
        }
}

KERNEL static uint32_t clipped_sum(int32_t limit)
{
    int32_t result = 0, running = 0, previous = 0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t current = c[i][j];
            running = (int32_t)((uint32_t)running + (uint32_t)current);
            if (running > limit) {
                result += 10;
                running = 0;
            } else {
                result += current > previous;
            }
            previous = current;
        }
    return (uint32_t)result;
}

KERNEL static uint32_t matrices(uint32_t round, uint32_t crc)
{
    add_constant(a, (int32_t)(round & 63) + 1);
    multiply();
    crc = crc16(crc, clipped_sum(3000));
    multiply_fields();
    crc = crc16(crc, clipped_sum(2000));
    add_constant(a, -((int32_t)(round & 63) + 1));
    return crc;
}

/* --- The state machine --- */

enum state { START, SIGN, WHOLE, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static char text[TEXT];
static uint32_t finals[STATES], changes[STATES];

static int digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

/* Read one token up to a comma; the state in which it ends. */
KERNEL static enum state token(const char **at)
{
    const char *p = *at;
    enum state state = START;
    for (; *p && state != INVALID; p++) {
        char ch = *p;
        if (ch == ',') {
            p++;
            break;
        }
        switch (state) {
        case START:
            state = digit(ch) ? WHOLE : ch == '+' || ch == '-' ? SIGN : ch == '.' ? FRACTION : INVALID;
            changes[START]++;
            break;
        case SIGN:
            state = digit(ch) ? WHOLE : ch == '.' ? FRACTION : INVALID;
            changes[SIGN]++;
            break;
        case WHOLE:
            if (ch == '.') {
                state = FRACTION;
                changes[WHOLE]++;
            } else if (!digit(ch)) {
                state = INVALID;
                changes[WHOLE]++;
            }
            break;
        case FRACTION:
            if (ch == 'e' || ch == 'E') {
                state = EXPONENT;
                changes[FRACTION]++;
            } else if (!digit(ch)) {
                state = INVALID;
                changes[FRACTION]++;
            }
            break;
        case EXPONENT:
            state = ch == '+' || ch == '-' ? EXPONENT_SIGN : INVALID;
            changes[EXPONENT]++;
            break;
        case EXPONENT_SIGN:
            state = digit(ch) ? SCIENTIFIC : INVALID;
            changes[EXPONENT_SIGN]++;
            break;
        case SCIENTIFIC:
            if (!digit(ch)) {
                state = INVALID;
                changes[SCIENTIFIC]++;
            }
            break;
        default:
            break;
        }
    }
    *at = p;
    return state;
}

KERNEL static uint32_t states(uint32_t round, uint32_t crc)
{
    for (int i = 0; i < STATES; i++)
        finals[i] = changes[i] = 0;
    uint32_t step = round % 29 + 7;
    for (uint32_t i = step; i < TEXT - 1; i += step)
        if (text[i] != ',')
            text[i] ^= 1;
    for (const char *p = text; *p;)
        finals[token(&p)]++;
    for (uint32_t i = step; i < TEXT - 1; i += step)
        if (text[i] != ',')
            text[i] ^= 1;
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc16(crc, finals[i]), changes[i]);
    return crc;
}

KERNEL static void prepare(uint32_t random)
{
    static const char *const tokens[] = {
        "5012", "+1234", "-874", "35.54400", ".1234500", "-110.700", "+0.64400", "5.500e+3", "-.123e-2", "-87e+832",
        "+0.6e-12", "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^",
    };
    for (int i = 0; i < ITEMS; i++) {
        contents[i].index = (int16_t)i;
        contents[i].value = (int16_t)next_random(&random);
        items[i].data = &contents[i];
        items[i].next = i + 1 < ITEMS ? &items[i + 1] : 0;
    }
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            a[i][j] = (int16_t)next_random(&random);
            b[i][j] = (int16_t)(next_random(&random) & 255);
        }
    char *p = text;
    while (p < text + TEXT - 16) {
        for (const char *t = tokens[next_random(&random) % (sizeof tokens / sizeof *tokens)]; *t;)
            *p++ = *t++;
        *p++ = ',';
    }
}

int main(void)
{
    struct item *list = items;
    uint32_t crc = 0;
    prepare(seed * 0x2545f491u);
    for (uint32_t round = 0, rounds = part_of(ROUNDS); round < rounds; round++) {
        crc = lists(&list, round, crc);
        crc = matrices(round, crc);
        crc = states(round, crc);
    }
    report("core", crc);
    return 0;
}
