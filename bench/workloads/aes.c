/* AES (FIPS 197) by tables, as libraries have it that know no instructions for it: messages encrypted and decrypted with
 * keys of 128 and of 256 bits, one block chained to the next. */
#include "../kernels/kernel.h"

enum { ROUNDS = 60000, BLOCKS = 64, MOST_ROUNDS = 14, WORDS = 4 * (MOST_ROUNDS + 1) };

struct key {
    int rounds;
    uint32_t forward[WORDS], backward[WORDS];
};

static uint8_t box[256], inverse_box[256];
static uint32_t forward[4][256], backward[4][256]; /* substitution and mixing of columns in one */

static uint32_t rotate(uint32_t word, int bits)
{
    return bits ? word << bits | word >> (32 - bits) : word;
}

/* The product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
static uint32_t times(uint32_t a, uint32_t b)
{
    uint32_t product = 0;
    for (; b; b >>= 1) {
        if (b & 1)
            product ^= a;
        a = a << 1 ^ (a & 0x80 ? 0x11b : 0);
    }
    return product;
}

KERNEL static void make_tables(void)
{
    uint32_t power = 1, inverse = 1;
    do { /* power runs through all powers of 3, inverse through those of 1/3 = 0xf6 */
        uint32_t s = inverse ^ inverse << 1 ^ inverse << 2 ^ inverse << 3 ^ inverse << 4;
        box[power] = (uint8_t)(s ^ s >> 8 ^ 0x63);
        power = times(power, 3);
        inverse = times(inverse, 0xf6);
    } while (power != 1);
    box[0] = 0x63;
    for (uint32_t n = 0; n < 256; n++)
        inverse_box[box[n]] = (uint8_t)n;
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t s = box[n], i = inverse_box[n];
        uint32_t out = times(s, 2) | s << 8 | s << 16 | times(s, 3) << 24;
        uint32_t back = times(i, 14) | times(i, 9) << 8 | times(i, 13) << 16 | times(i, 11) << 24;
        for (int row = 0; row < 4; row++) {
            forward[row][n] = rotate(out, 8 * row);
            backward[row][n] = rotate(back, 8 * row);
        }
    }
}

static uint32_t substitute(const uint8_t *by, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return by[a & 255] | (uint32_t)by[b >> 8 & 255] << 8 | (uint32_t)by[c >> 16 & 255] << 16 | (uint32_t)by[d >> 24] << 24;
}

KERNEL static void expand(struct key *key, const uint32_t *words, int count)
{
    uint32_t *k = key->forward, constant = 1;
    key->rounds = count + 6;
    int all = 4 * (key->rounds + 1);
    for (int n = 0; n < count; n++)
        k[n] = words[n];
    for (int n = count; n < all; n++) {
        uint32_t t = k[n - 1];
        if (n % count == 0) {
            t = rotate(substitute(box, t, t, t, t), 24) ^ constant;
            constant = times(constant, 2);
        } else if (count > 6 && n % count == 4) {
            t = substitute(box, t, t, t, t);
        }
        k[n] = k[n - count] ^ t;
    }
    for (int n = 0; n < all; n++) {
        uint32_t t = k[all - 4 - (n & ~3) + (n & 3)];
        if (n >= 4 && n < all - 4)
            t = backward[0][box[t & 255]] ^ backward[1][box[t >> 8 & 255]] ^ backward[2][box[t >> 16 & 255]]
                ^ backward[3][box[t >> 24]];
        key->backward[n] = t;
    }
}

#define COLUMN(table, a, b, c, d) \
    (table[0][a & 255] ^ table[1][b >> 8 & 255] ^ table[2][c >> 16 & 255] ^ table[3][d >> 24])

KERNEL static void encrypt(const struct key *key, uint32_t *block)
{
    const uint32_t *k = key->forward;
    uint32_t a = block[0] ^ k[0], b = block[1] ^ k[1], c = block[2] ^ k[2], d = block[3] ^ k[3];
    for (int round = 1; round < key->rounds; round++) {
        k += 4;
        uint32_t e = COLUMN(forward, a, b, c, d) ^ k[0], f = COLUMN(forward, b, c, d, a) ^ k[1];
        uint32_t g = COLUMN(forward, c, d, a, b) ^ k[2], h = COLUMN(forward, d, a, b, c) ^ k[3];
        a = e, b = f, c = g, d = h;
    }
    block[0] = substitute(box, a, b, c, d) ^ k[4];
    block[1] = substitute(box, b, c, d, a) ^ k[5];
    block[2] = substitute(box, c, d, a, b) ^ k[6];
    block[3] = substitute(box, d, a, b, c) ^ k[7];
}

KERNEL static void decrypt(const struct key *key, uint32_t *block)
{
    const uint32_t *k = key->backward;
    uint32_t a = block[0] ^ k[0], b = block[1] ^ k[1], c = block[2] ^ k[2], d = block[3] ^ k[3];
    for (int round = 1; round < key->rounds; round++) {
        k += 4;
        uint32_t e = COLUMN(backward, a, d, c, b) ^ k[0], f = COLUMN(backward, b, a, d, c) ^ k[1];
        uint32_t g = COLUMN(backward, c, b, a, d) ^ k[2], h = COLUMN(backward, d, c, b, a) ^ k[3];
        a = e, b = f, c = g, d = h;
    }
    block[0] = substitute(inverse_box, a, d, c, b) ^ k[4];
    block[1] = substitute(inverse_box, b, a, d, c) ^ k[5];
    block[2] = substitute(inverse_box, c, b, a, d) ^ k[6];
    block[3] = substitute(inverse_box, d, c, b, a) ^ k[7];
}

/* The examples of FIPS 197, appendices C.1 and C.3: are they as printed there, and do they come back? */
static int examples_hold(struct key *key)
{
    static const uint32_t words[8] = {0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
                                      0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c};
    static const uint32_t expected[2][4] = {{0xd8e0c469, 0x30047b6a, 0x80b7cdd8, 0x5ac5b470},
                                            {0xcab7a28e, 0xbf456751, 0x9049fcea, 0x8960494b}};
    for (int n = 0; n < 2; n++) {
        uint32_t block[4] = {0x33221100, 0x77665544, 0xbbaa9988, 0xffeeddcc};
        expand(key, words, n ? 8 : 4);
        encrypt(key, block);
        for (int i = 0; i < 4; i++)
            if (block[i] != expected[n][i])
                return 0;
        decrypt(key, block);
        if (block[0] != 0x33221100 || block[1] != 0x77665544 || block[2] != 0xbbaa9988 || block[3] != 0xffeeddcc)
            return 0;
    }
    return 1;
}

static struct key key;
static uint32_t message[BLOCKS][4];

int main(void)
{
    uint32_t random = seed * 0x2545f491u, sum = 0, words[8];
    make_tables();
    if (!examples_hold(&key))
        return 1;
    for (int n = 0; n < BLOCKS; n++)
        for (int i = 0; i < 4; i++)
            message[n][i] = next_random(&random);
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        for (int n = 0; n < 8; n++)
            words[n] = next_random(&random);
        expand(&key, words, round & 1 ? 4 : 8);
        uint32_t previous[4] = {round, 0, 0, 0};
        for (int n = 0; n < BLOCKS; n++) {
            for (int i = 0; i < 4; i++)
                message[n][i] ^= previous[i];
            encrypt(&key, message[n]);
            for (int i = 0; i < 4; i++)
                previous[i] = message[n][i];
        }
        for (int i = 0; i < 4; i++)
            sum = fold(sum, previous[i]);
        for (int n = 0; n < BLOCKS; n += 2)
            decrypt(&key, message[n]);
        sum = fold(sum, message[0][0]);
    }
    report("aes", sum);
    return 0;
}
