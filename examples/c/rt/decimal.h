/* Exact decimal fractions, for printing and reading floating-point numbers. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include "rt.h"

enum {
    LIMB = 1000000000, /* a limb holds nine digits */
    WHOLE = 40, /* limbs before the point: 2^1024 has 309 digits; reading needs a few more */
    FRACTION = 126, /* and behind it: 2^-1074 has 1074 */
    LIMBS = WHOLE + FRACTION,
};

/* limb[WHOLE - 1] holds the units. Limbs outside first..last-1 are zero, and not set. */
struct decimal {
    int first, last;
    bool more; /* is there anything but zeros behind the last limb that fits? */
    uint32_t limb[LIMBS];
};

/* significand * 2^exponent */
void __decimal_set(struct decimal *d, uint64_t significand, int exponent);

/* Multiply by 2^exponent. */
void __decimal_scale(struct decimal *d, int exponent);

/* The nearest binary number to the decimal one, which is changed. */
uint64_t __decimal_double(struct decimal *d);
uint32_t __decimal_float(struct decimal *d);

#endif
