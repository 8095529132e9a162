/* QR codes (ISO/IEC 18004), versions 1 to 5 with the least error correction: bytes to a stream of bits, Reed-Solomon code
 * over GF(256), the matrix with its fixed patterns, and of the eight masks the one whose pattern is penalized least. */
#include "../kernels/kernel.h"

enum { ROUNDS = 5000, LARGEST = 37, CODEWORDS = 134, FIELD = 0x11d };

static const uint8_t data_words[] = {0, 19, 34, 55, 80, 108}, check_words[] = {0, 7, 10, 15, 20, 26};

static uint8_t exponent[512], logarithm[256]; /* of the generator 2 */
static uint8_t codewords[CODEWORDS];
static uint8_t matrix[LARGEST][LARGEST], fixed[LARGEST][LARGEST], masked[LARGEST][LARGEST];
static int version, side;

KERNEL static void make_field(void)
{
    uint32_t power = 1;
    for (int n = 0; n < 255; n++) {
        exponent[n] = exponent[n + 255] = (uint8_t)power;
        logarithm[power] = (uint8_t)n;
        power = power << 1 ^ (power & 0x80 ? FIELD : 0);
    }
}

static uint8_t times(uint8_t a, uint8_t b)
{
    return a && b ? exponent[logarithm[a] + logarithm[b]] : 0;
}

/* Append the remainder of the data by the product of (x - 2^n), n < count. */
KERNEL static void append_check(uint8_t *data, int size, int count)
{
    uint8_t generator[32] = {1}, *rest = data + size;
    for (int n = 0; n < count; n++) {
        for (int i = n + 1; i > 0; i--)
            generator[i] ^= times(generator[i - 1], exponent[n]);
        rest[n] = 0;
    }
    for (int n = 0; n < size; n++) {
        uint8_t lead = data[n] ^ rest[0];
        for (int i = 0; i < count - 1; i++)
            rest[i] = rest[i + 1] ^ times(lead, generator[i + 1]);
        rest[count - 1] = times(lead, generator[count]);
    }
}

static int put_bits(int at, uint32_t value, int count)
{
    while (count-- > 0) {
        if (value >> count & 1)
            codewords[at >> 3] |= (uint8_t)(0x80 >> (at & 7));
        at++;
    }
    return at;
}

KERNEL static void encode(const uint8_t *text, int length)
{
    int size = data_words[version], at = 0;
    for (int n = 0; n < CODEWORDS; n++)
        codewords[n] = 0;
    at = put_bits(at, 4, 4); /* the mode: bytes */
    at = put_bits(at, (uint32_t)length, 8);
    for (int n = 0; n < length; n++)
        at = put_bits(at, text[n], 8);
    at += 8 * size - at < 4 ? 8 * size - at : 4;
    for (int n = (at + 7) / 8, pad = 0xec; n < size; n++, pad ^= 0xec ^ 0x11)
        codewords[n] = (uint8_t)pad;
    append_check(codewords, size, check_words[version]);
}

static void set(int x, int y, int dark)
{
    if (x >= 0 && y >= 0 && x < side && y < side) {
        matrix[y][x] = (uint8_t)dark;
        fixed[y][x] = 1;
    }
}

/* A square of squares, `reach` in each direction; the outermost ring is light for 4, dark otherwise. */
static void square(int x, int y, int reach)
{
    for (int v = -reach; v <= reach; v++)
        for (int u = -reach; u <= reach; u++) {
            int ring = (u < 0 ? -u : u) > (v < 0 ? -v : v) ? (u < 0 ? -u : u) : (v < 0 ? -v : v);
            set(x + u, y + v, reach == 4 ? ring != 2 && ring != 4 : ring != 1);
        }
}

/* Level L and the mask, with their BCH code, in two copies. */
static void put_format(int mask)
{
    uint32_t data = (uint32_t)(1 << 3 | mask), rest = data;
    for (int n = 0; n < 10; n++)
        rest = rest << 1 ^ (rest >> 9) * 0x537;
    uint32_t bits = (data << 10 | rest) ^ 0x5412;
    for (int n = 0; n < 15; n++) {
        int bit = bits >> n & 1;
        set(8, n < 6 ? n : n < 8 ? n + 1 : side - 15 + n, bit);
        set(n < 8 ? side - 1 - n : n == 8 ? 7 : 14 - n, 8, bit);
    }
    set(8, side - 8, 1);
}

KERNEL static void put_patterns(void)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            matrix[y][x] = fixed[y][x] = 0;
    for (int n = 0; n < side; n++) {
        set(6, n, ~n & 1);
        set(n, 6, ~n & 1);
    }
    square(3, 3, 4);
    square(side - 4, 3, 4);
    square(3, side - 4, 4);
    if (version > 1)
        square(side - 7, side - 7, 2);
    put_format(0);
}

/* Two columns at a time, from the right, up and down by turns, past the column of the timing pattern. */
KERNEL static void put_codewords(void)
{
    int at = 0, all = 8 * (data_words[version] + check_words[version]);
    for (int right = side - 1, up = 1; right > 0; right -= 2, up ^= 1) {
        right -= right == 6;
        for (int n = 0; n < side; n++)
            for (int x = right; x > right - 2; x--) {
                int y = up ? side - 1 - n : n;
                if (!fixed[y][x] && at < all) {
                    matrix[y][x] = codewords[at >> 3] >> (7 - (at & 7)) & 1;
                    at++;
                }
            }
    }
}

static int inverts(int mask, int x, int y)
{
    switch (mask) {
    case 0:
        return (x + y) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (x + y) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return x * y % 2 + x * y % 3 == 0;
    case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
        return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

KERNEL static void apply(int mask)
{
    put_format(mask);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            masked[y][x] = (uint8_t)(matrix[y][x] ^ (!fixed[y][x] && inverts(mask, x, y)));
}

/* Runs of five and more, and what looks like a finder pattern, in one line. */
static int line_penalty(const uint8_t *cell, int step)
{
    int penalty = 0, run = 0, last = 2;
    uint32_t recent = 0;
    for (int n = 0; n < side; n++, cell += step) {
        run = *cell == last ? run + 1 : 1;
        last = *cell;
        penalty += run == 5 ? 3 : run > 5;
        recent = (recent << 1 | *cell) & 0x7ff;
        if (n >= 10 && (recent == 0x05d || recent == 0x5d0))
            penalty += 40;
    }
    return penalty;
}

KERNEL static int penalty_of(void)
{
    int penalty = 0, dark = 0;
    for (int n = 0; n < side; n++)
        penalty += line_penalty(&masked[n][0], 1) + line_penalty(&masked[0][n], LARGEST);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            dark += masked[y][x];
            if (x && y) {
                int four = masked[y][x] + masked[y - 1][x] + masked[y][x - 1] + masked[y - 1][x - 1];
                penalty += four == 0 || four == 4 ? 3 : 0;
            }
        }
    int off = dark * 20 - side * side * 10;
    return penalty + (off < 0 ? -off : off) / (side * side) * 10;
}

KERNEL static uint32_t draw(const uint8_t *text, int length)
{
    int best = 0, least = 1 << 30;
    for (version = 1; data_words[version] < length + 2;)
        version++;
    side = 17 + 4 * version;
    encode(text, length);
    put_patterns();
    put_codewords();
    for (int mask = 0; mask < 8; mask++) {
        apply(mask);
        int penalty = penalty_of();
        if (penalty < least) {
            least = penalty;
            best = mask;
        }
    }
    apply(best);
    uint32_t sum = fold((uint32_t)(version << 3 | best), (uint32_t)least), row;
    for (int y = 0; y < side; y++) {
        row = 0;
        for (int x = 0; x < side; x++)
            row = row << 1 ^ (row >> 31) ^ masked[y][x];
        sum = fold(sum, row);
    }
    return sum;
}

int main(void)
{
    static const char start[] = "https://example.org/items/";
    uint32_t random = seed * 0x2545f491u, sum = 0;
    uint8_t text[106];
    make_field();
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        int length = (int)(next_random(&random) % 96) + 10;
        for (int n = 0; n < length; n++)
            text[n] = n < 26 ? (uint8_t)start[n] : (uint8_t)('a' + next_random(&random) % 26);
        sum = fold(sum, draw(text, length));
    }
    report("qr", sum);
    return 0;
}
