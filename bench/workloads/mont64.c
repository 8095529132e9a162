/* Montgomery's multiplication (1985) modulo odd numbers of 64 bits: powers by it, compared with powers by long division,
 * bit by bit. On 32 bits every product of two words is four of half as many bits, and sums have carries. */
#include "../kernels/kernel.h"

enum { ROUNDS = 140000 };

#define LARGEST_PRIME 0xffffffffffffffc5ull /* below 2^64 */

struct modulus {
    uint64_t m, negative_inverse /* of m, modulo 2^64 */, one /* 2^64 mod m */, square /* 2^128 mod m */;
};

/* The product of two words; what is above 2^64 goes to `high`. */
static uint64_t product(uint64_t a, uint64_t b, uint64_t *high)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)middle;
    *high = a1 * b1 + (middle >> 32) + (other >> 32);
    return other << 32 | (uint32_t)low;
}

/* (high * 2^64 + low) mod m, where high < m: 64 steps of shift and subtract. */
KERNEL static uint64_t remainder_of(uint64_t high, uint64_t low, uint64_t m)
{
    for (int bit = 0; bit < 64; bit++) {
        uint64_t carry = high >> 63;
        high = high << 1 | low >> 63;
        low <<= 1;
        high -= m & (0 - (uint64_t)((high | (0 - carry)) >= m)); /* no branch, which nothing could predict */
    }
    return high;
}

/* Newton's iteration doubles the number of bits that are right; m itself has three. */
KERNEL static uint64_t inverse(uint64_t m)
{
    uint64_t x = m;
    for (int n = 0; n < 5; n++)
        x *= 2 - m * x;
    return x;
}

KERNEL static void prepare(struct modulus *by, uint64_t m)
{
    by->m = m;
    by->negative_inverse = 0 - inverse(m);
    by->one = remainder_of(m > 1, 0, m);
    by->square = remainder_of(by->one, 0, m);
}

/* a * b / 2^64 mod m. */
KERNEL static uint64_t multiply(uint64_t a, uint64_t b, const struct modulus *by)
{
    uint64_t high, carried, low = product(a, b, &high);
    uint64_t rest = product(low * by->negative_inverse, by->m, &carried);
    uint64_t carry = low + rest < low; /* their sum is 0 modulo 2^64 */
    uint64_t sum = high + carried, over = sum < high;
    sum += carry;
    over |= sum < carry;
    return over || sum >= by->m ? sum - by->m : sum;
}

KERNEL static uint64_t power(uint64_t base, uint64_t exponent, const struct modulus *by)
{
    uint64_t result = by->one, square = multiply(base, by->square, by);
    while (exponent) {
        if (exponent & 1)
            result = multiply(result, square, by);
        square = multiply(square, square, by);
        exponent >>= 1;
    }
    return multiply(result, 1, by);
}

/* The same by long division. */
KERNEL static uint64_t slow_power(uint64_t base, uint32_t exponent, uint64_t m)
{
    uint64_t result = m > 1, high, low;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) {
            low = product(result, base, &high);
            result = remainder_of(high, low, m);
        }
        low = product(base, base, &high);
        base = remainder_of(high, low, m);
    }
    return result;
}

static uint64_t random_word(uint32_t *random)
{
    uint64_t high = next_random(random);
    return high << 32 | next_random(random);
}

int main(void)
{
    uint32_t random = seed * 0x2545f491u, sum = 0;
    struct modulus by;
    prepare(&by, LARGEST_PRIME);
    for (uint64_t base = 2; base < 6; base++)
        if (power(base, LARGEST_PRIME - 1, &by) != 1) /* Fermat */
            return 1;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        uint64_t m = random_word(&random) | 1, exponent = random_word(&random);
        uint64_t base = remainder_of(0, random_word(&random), m);
        prepare(&by, m);
        uint64_t found = power(base, exponent, &by);
        sum = fold(fold(sum, (uint32_t)found), (uint32_t)(found >> 32));
        if (power(base, exponent & 15, &by) != slow_power(base, (uint32_t)exponent & 15, m))
            return 1;
    }
    report("mont64", sum);
    return 0;
}
