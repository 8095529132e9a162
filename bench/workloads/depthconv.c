/* A depthwise separable convolution on numbers of 8 bits, as small neural networks are built of them: 3x3 for each
 * channel, then 1x1 across the channels, each sum scaled back to 8 bits by a fixed-point factor of its channel. */
#include "../kernels/kernel.h"

enum { ROUNDS = 3000, SIDE = 16, CHANNELS = 16, OUTPUTS = 24, OFFSET = 3 };

struct scale {
    int32_t bias, factor; /* factor / 2^31, in [1/2, 1) */
    int right; /* and a shift after that */
};

static int8_t input[SIDE][SIDE][CHANNELS], middle[SIDE][SIDE][CHANNELS], output[SIDE][SIDE][OUTPUTS];
static int8_t depth[3][3][CHANNELS], point[OUTPUTS][CHANNELS];
static struct scale depth_scale[CHANNELS], point_scale[OUTPUTS];

/* sum * factor / 2^31 / 2^right, each division rounded to the nearest; then clamped to what fits. */
static int8_t scaled(int32_t sum, const struct scale *by)
{
    int64_t product = (int64_t)sum * by->factor;
    int32_t high = (int32_t)((product + (1ll << 30)) >> 31);
    int32_t rest = high & ((1 << by->right) - 1), half = (1 << by->right) >> 1;
    int32_t result = (high >> by->right) + (rest >= half && half) - OFFSET;
    return (int8_t)(result < -OFFSET ? -OFFSET : result > 127 ? 127 : result); /* ReLU: what was 0 is -OFFSET */
}

KERNEL static void depthwise(int stride)
{
    for (int y = 0; y < SIDE; y += stride)
        for (int x = 0; x < SIDE; x += stride)
            for (int c = 0; c < CHANNELS; c++) {
                int32_t sum = depth_scale[c].bias;
                for (int v = 0; v < 3; v++)
                    for (int u = 0; u < 3; u++) {
                        int at_y = y + v - 1, at_x = x + u - 1;
                        if (at_y >= 0 && at_y < SIDE && at_x >= 0 && at_x < SIDE)
                            sum += (input[at_y][at_x][c] + OFFSET) * depth[v][u][c];
                    }
                middle[y / stride][x / stride][c] = scaled(sum, &depth_scale[c]);
            }
}

KERNEL static void pointwise(int side)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            for (int o = 0; o < OUTPUTS; o++) {
                const int8_t *in = middle[y][x], *weights = point[o];
                int32_t sum = point_scale[o].bias;
                for (int c = 0; c < CHANNELS; c++)
                    sum += (in[c] + OFFSET) * weights[c];
                output[y][x][o] = scaled(sum, &point_scale[o]);
            }
}

/* The next layer's input: the largest of two outputs for each channel. */
KERNEL static void pool(int side)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            for (int c = 0; c < CHANNELS; c++) {
                int8_t a = output[y][x][c], b = output[y][x][(c + 8) % OUTPUTS];
                input[y][x][c] = (int8_t)((a > b ? a : b) ^ (c & 1 ? 0x55 : 0x2a));
            }
}

static void fill(int8_t *to, int count, uint32_t *random)
{
    while (count-- > 0)
        *to++ = (int8_t)(next_random(random) >> 11);
}

static void choose(struct scale *to, int count, int right, uint32_t *random)
{
    for (int n = 0; n < count; n++) {
        to[n].bias = (int32_t)(next_random(random) & 0x7ff) - 0x300;
        to[n].factor = (int32_t)(0x40000000u | next_random(random) >> 2);
        to[n].right = right + n % 3;
    }
}

int main(void)
{
    uint32_t random = seed * 0x2545f491u, sum = 0;
    fill(&input[0][0][0], sizeof input, &random);
    fill(&depth[0][0][0], sizeof depth, &random);
    fill(&point[0][0], sizeof point, &random);
    choose(depth_scale, CHANNELS, 6, &random);
    choose(point_scale, OUTPUTS, 7, &random);
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        int stride = round & 1 ? 1 : 2, side = SIDE / stride;
        depthwise(stride);
        pointwise(side);
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
                sum = fold(sum, (uint32_t)output[y][x][(uint32_t)(x + y) % OUTPUTS]);
        pool(side);
    }
    report("depthconv", sum);
    return 0;
}
