/* The product of two 128 x 128 matrices of 32-bit integers, by the definition. */
#include "kernel.h"

enum { N = 128, ROUNDS = 100 };

static uint32_t left[N][N], right[N][N], product[N][N];

KERNEL static void multiply(void)
{
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < N; j++) {
            uint32_t sum = 0;
            for (uint32_t k = 0; k < N; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
}

int main(void)
{
    uint32_t state = seed, sum = 0, rounds = part_of(ROUNDS);
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < N; j++) {
            left[i][j] = next_random(&state);
            right[i][j] = next_random(&state);
        }
    for (uint32_t round = 0; round < rounds; round++) {
        left[round % N][round % 7] += seed;
        multiply();
        sum = fold(sum, product[round % N][(round * 31) % N]);
    }
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < N; j++)
            sum = fold(sum, product[i][j]);
    report("matmul", sum);
    return 0;
}
