/* CRC-32 (IEEE 802.3, reflected) by a table of 256 words: one dependent load a byte. */
#include "kernel.h"

enum { SIZE = 1 << 16, ROUNDS = 1500 };

static uint32_t table[256];
static uint8_t data[SIZE];

KERNEL static void make_table(uint32_t polynomial)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ polynomial : c >> 1;
        table[i] = c;
    }
}

KERNEL static uint32_t crc32(uint32_t crc, const uint8_t *bytes, uint32_t length)
{
    crc = ~crc;
    for (uint32_t i = 0; i < length; i++)
        crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

int main(void)
{
    uint32_t state = seed, sum = 0, rounds = part_of(ROUNDS);
    make_table(0xedb88320u);
    for (uint32_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)next_random(&state);
    for (uint32_t round = 0; round < rounds; round++)
        sum = crc32(sum, data, SIZE);
    report("crc32", sum);
    return 0;
}
