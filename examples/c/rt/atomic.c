/* What stdatomic.h comes to. There is one processor, so plain loads and stores will do, as long as no interrupt handler
 * works on the same objects. GCC knows the functions by these names and would not have them defined. */
#include "rt.h"

#define NAMED(name) __asm__(#name)

#define FETCH(size, type, word, operation) \
    type fetch_##word##_##size(volatile type *at, type operand, int order) NAMED(__atomic_fetch_##word##_##size); \
    type fetch_##word##_##size(volatile type *at, type operand, int order) \
    { \
        (void)order; \
        type old = *at; \
        *at = (type)(operation); \
        return old; \
    } \
    type fetch_and_##word##_##size(volatile type *at, type operand) NAMED(__sync_fetch_and_##word##_##size); \
    type fetch_and_##word##_##size(volatile type *at, type operand) \
    { \
        return fetch_##word##_##size(at, operand, 0); \
    } \
    type word##_and_fetch_##size(volatile type *at, type operand) NAMED(__sync_##word##_and_fetch_##size); \
    type word##_and_fetch_##size(volatile type *at, type operand) \
    { \
        fetch_##word##_##size(at, operand, 0); \
        return *at; \
    }

#define ALL(size, type) \
    FETCH(size, type, add, old + operand) \
    FETCH(size, type, sub, old - operand) \
    FETCH(size, type, and, old & operand) \
    FETCH(size, type, or, old | operand) \
    FETCH(size, type, xor, old ^ operand) \
    FETCH(size, type, nand, ~(old & operand)) \
    type load_##size(const volatile type *at, int order) NAMED(__atomic_load_##size); \
    type load_##size(const volatile type *at, int order) \
    { \
        (void)order; \
        return *at; \
    } \
    void store_##size(volatile type *at, type value, int order) NAMED(__atomic_store_##size); \
    void store_##size(volatile type *at, type value, int order) \
    { \
        (void)order; \
        *at = value; \
    } \
    type exchange_##size(volatile type *at, type value, int order) NAMED(__atomic_exchange_##size); \
    type exchange_##size(volatile type *at, type value, int order) \
    { \
        (void)order; \
        type old = *at; \
        *at = value; \
        return old; \
    } \
    bool compare_##size(volatile type *at, type *expected, type value, int good, int bad) \
        NAMED(__atomic_compare_exchange_##size); \
    bool compare_##size(volatile type *at, type *expected, type value, int good, int bad) \
    { \
        (void)good; \
        (void)bad; \
        type old = *at; \
        bool same = old == *expected; \
        if (same) \
            *at = value; \
        else \
            *expected = old; \
        return same; \
    } \
    type swap_##size(volatile type *at, type expected, type value) NAMED(__sync_val_compare_and_swap_##size); \
    type swap_##size(volatile type *at, type expected, type value) \
    { \
        type old = *at; \
        if (old == expected) \
            *at = value; \
        return old; \
    } \
    bool bool_swap_##size(volatile type *at, type expected, type value) NAMED(__sync_bool_compare_and_swap_##size); \
    bool bool_swap_##size(volatile type *at, type expected, type value) \
    { \
        return swap_##size(at, expected, value) == expected; \
    }

ALL(1, uint8_t)
ALL(2, uint16_t)
ALL(4, uint32_t)
ALL(8, uint64_t)

bool test_and_set(volatile uint8_t *at, int order) NAMED(__atomic_test_and_set);
bool test_and_set(volatile uint8_t *at, int order)
{
    (void)order;
    bool old = *at;
    *at = 1;
    return old;
}
