/* A compressor: LZ77 with hash chains, then Huffman codes for literals, lengths and distances, of a megabyte of generated
 * text; then back again, and compared. The codes' lengths are limited to 15 bits and sent in four bits each. */
#include "../kernels/kernel.h"

enum { SIZE = 1 << 20, ROUNDS = 4 };

/* --- The text: words of a vocabulary, frequent ones first, in sentences and paragraphs --- */

enum { WORDS = 2000 };

static uint8_t text[SIZE], packed[SIZE + SIZE / 2], unpacked[SIZE];

KERNEL static void generate(uint32_t state)
{
    static char words[WORDS][12];
    static uint8_t lengths[WORDS];
    static const char vowels[] = "aeiouaeio", consonants[] = "tnshrdlcmwfgypbvk";
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t syllables = 1 + next_random(&state) % (i < 50 ? 2 : 4), at = 0;
        while (syllables--) {
            if (at == 0 || next_random(&state) % 4)
                words[i][at++] = consonants[next_random(&state) % (sizeof consonants - 1)];
            words[i][at++] = vowels[next_random(&state) % (sizeof vowels - 1)];
            if (next_random(&state) % 3 == 0)
                words[i][at++] = consonants[next_random(&state) % 8];
        }
        lengths[i] = (uint8_t)at;
    }
    uint32_t at = 0, in_sentence = 0;
    while (at < SIZE) {
        /* The product of two uniform numbers: half of the words are among the first tenth. */
        uint32_t r = next_random(&state), s = (r & 0xffff) * (r >> 16) >> 16;
        uint32_t word = s * (s >> 8 & 255) / 256 * WORDS >> 16;
        for (uint32_t i = 0; i < lengths[word] && at < SIZE; i++) {
            char ch = words[word][i];
            text[at++] = (uint8_t)(in_sentence == 0 && i == 0 ? ch - 'a' + 'A' : ch);
        }
        in_sentence++;
        if (in_sentence > 4 && next_random(&state) % 12 == 0) {
            in_sentence = 0;
            if (at < SIZE)
                text[at++] = '.';
        }
        if (at < SIZE)
            text[at++] = in_sentence == 0 && next_random(&state) % 6 == 0 ? '\n' : ' ';
    }
}

/* --- Bits, lowest first --- */

struct bits {
    uint8_t *at;
    uint32_t hold, count;
};

static inline void put_bits(struct bits *b, uint32_t value, uint32_t count)
{
    b->hold |= value << b->count;
    b->count += count;
    while (b->count >= 8) {
        *b->at++ = (uint8_t)b->hold;
        b->hold >>= 8;
        b->count -= 8;
    }
}

static inline void need(struct bits *b, uint32_t count)
{
    while (b->count < count) {
        b->hold |= (uint32_t)*b->at++ << b->count;
        b->count += 8;
    }
}

static inline uint32_t get_bits(struct bits *b, uint32_t count)
{
    need(b, count);
    uint32_t value = b->hold & ((1u << count) - 1);
    b->hold >>= count;
    b->count -= count;
    return value;
}

/* --- Huffman codes --- */

enum { SYMBOLS = 320, DISTANCES = 32, MOST = 15 };

struct code {
    uint32_t symbols;
    uint32_t count[SYMBOLS];
    uint8_t length[SYMBOLS];
    uint16_t bits[SYMBOLS];
    /* For decoding: the symbols in order of their codes, and how many have each length. */
    uint16_t sorted[SYMBOLS], of_length[MOST + 1];
};

static struct code letters, distances;

static uint32_t heap[2 * SYMBOLS], heap_size, weight[2 * SYMBOLS];

static void sift(uint32_t at)
{
    uint32_t moving = heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= heap_size)
            break;
        if (child + 1 < heap_size && weight[heap[child + 1]] < weight[heap[child]])
            child++;
        if (weight[heap[child]] >= weight[moving])
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

/* The codes' lengths from the counts; counts are halved until no code is too long. */
KERNEL static void choose_lengths(struct code *code)
{
    static uint32_t parent[2 * SYMBOLS], depth[2 * SYMBOLS];
    for (uint32_t shift = 0;; shift++) {
        uint32_t next = code->symbols, longest = 0;
        heap_size = 0;
        for (uint32_t i = 0; i < code->symbols; i++) {
            code->length[i] = 0;
            weight[i] = code->count[i] ? (code->count[i] >> shift) + 1 : 0;
            if (weight[i])
                heap[heap_size++] = i;
        }
        if (heap_size == 1)
            code->length[heap[0]] = 1;
        if (heap_size <= 1)
            return;
        for (uint32_t i = heap_size / 2; i-- > 0;)
            sift(i);
        while (heap_size > 1) {
            uint32_t least = heap[0];
            heap[0] = heap[--heap_size];
            sift(0);
            weight[next] = weight[least] + weight[heap[0]];
            parent[least] = parent[heap[0]] = next;
            heap[0] = next++;
            sift(0);
        }
        depth[next - 1] = 0;
        for (uint32_t i = next - 1; i-- > 0;)
            if (i >= code->symbols || weight[i]) {
                depth[i] = depth[parent[i]] + 1;
                if (i < code->symbols) {
                    code->length[i] = (uint8_t)depth[i];
                    if (depth[i] > longest)
                        longest = depth[i];
                }
            }
        if (longest <= MOST)
            return;
    }
}

/* Canonical codes from the lengths: shorter ones first, then in order of the symbols. */
KERNEL static void assign(struct code *code)
{
    uint32_t next = 0, place = 0;
    for (uint32_t length = 1; length <= MOST; length++) {
        uint32_t before = place;
        for (uint32_t i = 0; i < code->symbols; i++)
            if (code->length[i] == length) {
                uint32_t reversed = 0, value = next++;
                for (uint32_t bit = 0; bit < length; bit++, value >>= 1)
                    reversed = reversed << 1 | (value & 1);
                code->bits[i] = (uint16_t)reversed;
                code->sorted[place++] = (uint16_t)i;
            }
        code->of_length[length] = (uint16_t)(place - before);
        next <<= 1;
    }
}

static inline uint32_t decode(const struct code *code, struct bits *b)
{
    uint32_t value = 0, first = 0, place = 0;
    need(b, MOST);
    for (uint32_t length = 1;; length++) {
        value |= b->hold >> (length - 1) & 1;
        uint32_t count = code->of_length[length];
        if (value - first < count || length == MOST) {
            b->hold >>= length;
            b->count -= length;
            return code->sorted[place + value - first];
        }
        place += count;
        first = (first + count) << 1;
        value <<= 1;
    }
}

/* --- LZ77 --- */

enum { WINDOW = 1 << 15, HASHES = 1 << 14, LEAST = 4, LONGEST = 258, TRIES = 24, BLOCK = 1 << 15, END = 256 };

static int32_t newest[HASHES], older[WINDOW];

/* What a block consists of: a literal, or LEAST.. bytes from so far back, as length << 16 | distance. */
static uint32_t tokens[BLOCK];

static inline uint32_t hash(const uint8_t *p)
{
    return (p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24) * 0x9e3779b1u >> 18;
}

static inline void remember(uint32_t at)
{
    uint32_t h = hash(text + at);
    older[at % WINDOW] = newest[h];
    newest[h] = (int32_t)at;
}

/* The longest earlier occurrence of what is at `at`; 0 if none is worth it. */
KERNEL static uint32_t longest_match(uint32_t at, uint32_t limit, uint32_t *distance)
{
    uint32_t best = LEAST - 1;
    int32_t candidate = newest[hash(text + at)];
    for (int tries = TRIES; candidate >= 0 && tries > 0; tries--) {
        if (at - (uint32_t)candidate >= WINDOW)
            break;
        const uint8_t *p = text + candidate, *q = text + at;
        if (p[best] == q[best]) {
            uint32_t length = 0;
            while (length < limit && p[length] == q[length])
                length++;
            if (length > best) {
                best = length;
                *distance = at - (uint32_t)candidate;
                if (length == limit)
                    break;
            }
        }
        candidate = older[candidate % WINDOW];
    }
    return best >= LEAST ? best : 0;
}

/* The number of bits of value, 0 for 0. */
static inline uint32_t width(uint32_t value)
{
    uint32_t bits = 0;
    while (value) {
        bits++;
        value >>= 1;
    }
    return bits;
}

static void send_lengths(struct bits *b, const struct code *code)
{
    for (uint32_t i = 0; i < code->symbols; i++)
        put_bits(b, code->length[i], 4);
}

static void receive_lengths(struct bits *b, struct code *code)
{
    for (uint32_t i = 0; i < code->symbols; i++)
        code->length[i] = (uint8_t)get_bits(b, 4);
}

/* A length or a distance is sent as its width, and the bits below the highest. */
static inline void send_tail(struct bits *b, uint32_t value)
{
    uint32_t w = width(value);
    if (w > 1)
        put_bits(b, value & ((1u << (w - 1)) - 1), w - 1);
}

static inline uint32_t receive_tail(struct bits *b, uint32_t w)
{
    return w > 1 ? 1u << (w - 1) | get_bits(b, w - 1) : w;
}

KERNEL static uint32_t pack(uint8_t *target)
{
    struct bits out = {target, 0, 0};
    uint32_t at = 0;
    letters.symbols = END + 1 + 16;
    distances.symbols = 16;
    for (uint32_t i = 0; i < HASHES; i++)
        newest[i] = -1;
    while (at < SIZE) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < SYMBOLS; i++)
            letters.count[i] = distances.count[i] = 0;
        while (count < BLOCK && at < SIZE) {
            uint32_t limit = SIZE - at < LONGEST ? SIZE - at : LONGEST, distance = 0, length = 0;
            if (limit > LEAST)
                length = longest_match(at, limit, &distance);
            if (length) {
                tokens[count++] = length << 16 | distance;
                letters.count[END + 1 + width(length - LEAST)]++;
                distances.count[width(distance - 1)]++;
            } else {
                length = 1;
                letters.count[text[at]]++;
                tokens[count++] = text[at];
            }
            while (length--) {
                if (at + LEAST <= SIZE)
                    remember(at);
                at++;
            }
        }
        letters.count[END] = 1;
        choose_lengths(&letters);
        choose_lengths(&distances);
        assign(&letters);
        assign(&distances);
        send_lengths(&out, &letters);
        send_lengths(&out, &distances);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t length = tokens[i] >> 16;
            if (length) {
                uint32_t distance = (tokens[i] & 0xffff) - 1;
                length -= LEAST;
                uint32_t symbol = END + 1 + width(length), w = width(distance);
                put_bits(&out, letters.bits[symbol], letters.length[symbol]);
                send_tail(&out, length);
                put_bits(&out, distances.bits[w], distances.length[w]);
                send_tail(&out, distance);
            } else {
                put_bits(&out, letters.bits[tokens[i]], letters.length[tokens[i]]);
            }
        }
        put_bits(&out, letters.bits[END], letters.length[END]);
    }
    put_bits(&out, 0, 7);
    return (uint32_t)(out.at - target);
}

KERNEL static uint32_t unpack(uint8_t *source)
{
    struct bits in = {source, 0, 0};
    uint32_t at = 0;
    while (at < SIZE) {
        receive_lengths(&in, &letters);
        receive_lengths(&in, &distances);
        assign(&letters);
        assign(&distances);
        for (;;) {
            uint32_t symbol = decode(&letters, &in);
            if (symbol < END) {
                unpacked[at++] = (uint8_t)symbol;
                continue;
            }
            if (symbol == END)
                break;
            uint32_t length = LEAST + receive_tail(&in, symbol - END - 1);
            uint32_t from = at - 1 - receive_tail(&in, decode(&distances, &in));
            while (length--)
                unpacked[at++] = unpacked[from++];
        }
    }
    return at;
}

int main(void)
{
    uint32_t sum = 0;
    for (uint32_t round = 0, rounds = part_of(ROUNDS); round < rounds; round++) {
        generate(seed * 77 + round);
        uint32_t length = pack(packed);
        sum = fold(sum, length);
        for (uint32_t i = 0; i < length; i++)
            sum = fold(sum, packed[i]);
        if (length > SIZE / 2 || unpack(packed) != SIZE)
            return 1;
        for (uint32_t i = 0; i < SIZE; i++)
            if (text[i] != unpacked[i])
                return 2;
        report("compress: bytes", length);
    }
    report("compress", sum);
    return 0;
}
