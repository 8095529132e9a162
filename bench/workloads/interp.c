/* A bytecode interpreter: a stack machine, dispatched by a switch, running three nested loops. */
#include "../kernels/kernel.h"

enum {
    PUSH, /* value: push a constant */
    LOAD, /* place: push a variable */
    STORE, /* place: pop into a variable */
    ADD, SUBTRACT, MULTIPLY, REMAINDER, AND, XOR, SHIFT_RIGHT, /* pop b, pop a, push a op b */
    LESS, EQUAL, /* pop b, pop a, push 0 or 1 */
    FETCH, /* pop an index, push that element of the heap */
    PUT, /* pop a value, pop an index, set that element of the heap */
    JUMP, JUMP_IF_ZERO, /* distance, from behind it */
    CALL, /* distance: push the return address on the second stack */
    RETURN,
    HALT,
};

enum { HEAP = 4096, DEPTH = 64, VARIABLES = 8 };

static uint32_t heap[HEAP];
static uint32_t executed;

/* Run from the beginning; what is on top of the stack at HALT. */
KERNEL static uint32_t run(const int32_t *code)
{
    uint32_t stack[DEPTH], variables[VARIABLES] = {0}, count = 0;
    const int32_t *returns[DEPTH];
    uint32_t *top = stack, b;
    const int32_t **back = returns, *pc = code;
    *top = 0;
    for (;;) {
        count++;
        switch (*pc++) {
        case PUSH:
            *++top = (uint32_t)*pc++;
            break;
        case LOAD:
            *++top = variables[*pc++];
            break;
        case STORE:
            variables[*pc++] = *top--;
            break;
        case ADD:
            b = *top--;
            *top += b;
            break;
        case SUBTRACT:
            b = *top--;
            *top -= b;
            break;
        case MULTIPLY:
            b = *top--;
            *top *= b;
            break;
        case REMAINDER:
            b = *top--;
            *top = b ? *top % b : 0;
            break;
        case AND:
            b = *top--;
            *top &= b;
            break;
        case XOR:
            b = *top--;
            *top ^= b;
            break;
        case SHIFT_RIGHT:
            b = *top--;
            *top >>= b & 31;
            break;
        case LESS:
            b = *top--;
            *top = *top < b;
            break;
        case EQUAL:
            b = *top--;
            *top = *top == b;
            break;
        case FETCH:
            *top = heap[*top % HEAP];
            break;
        case PUT:
            b = *top--;
            heap[*top-- % HEAP] = b;
            break;
        case JUMP:
            pc += *pc + 1;
            break;
        case JUMP_IF_ZERO:
            pc += *top-- ? 1 : *pc + 1;
            break;
        case CALL:
            *back++ = pc + 1;
            pc += *pc + 1;
            break;
        case RETURN:
            pc = *--back;
            break;
        default:
            executed += count;
            return *top;
        }
    }
}

/* 0: rounds left, 1: i, 2: the generator, 3: the sum, 4: j. */
static int32_t program[] = {
    PUSH, 0 /* rounds, set by main */, STORE, 0,
    PUSH, 12345, STORE, 2,
    PUSH, 0, STORE, 3,
    /* 12: fill the heap with random numbers */
    PUSH, 0, STORE, 1,
    /* 16 */ LOAD, 1, CALL, 98, PUT, /* of the routine at 118 */
    /* 21 */ LOAD, 1, PUSH, 1, ADD, STORE, 1,
    /* 28 */ LOAD, 1, PUSH, HEAP, LESS, JUMP_IF_ZERO, 2, JUMP, -21,
    /* 37: add every element to its neighbour, fold it into the sum */
    PUSH, 0, STORE, 4,
    /* 41 */ LOAD, 4, LOAD, 4, FETCH, LOAD, 4, PUSH, 1, ADD, FETCH, ADD, PUT,
    /* 54 */ LOAD, 4, FETCH, PUSH, 1, AND, JUMP_IF_ZERO, 10,
    /* 62 */ LOAD, 3, LOAD, 4, FETCH, XOR, STORE, 3, JUMP, 10,
    /* 72 */ LOAD, 3, PUSH, 3, MULTIPLY, LOAD, 4, ADD, STORE, 3,
    /* 82 */ LOAD, 4, PUSH, 1, ADD, STORE, 4,
    /* 89 */ LOAD, 4, PUSH, HEAP, LESS, JUMP_IF_ZERO, 2, JUMP, -57,
    /* 98: the next round */
    LOAD, 0, PUSH, 1, SUBTRACT, STORE, 0,
    /* 105 */ LOAD, 0, PUSH, 0, EQUAL, JUMP_IF_ZERO, -100,
    /* 112 */ LOAD, 3, HALT, HALT, HALT, HALT,
    /* 118: the next random number */
    LOAD, 2, PUSH, 1103515245, MULTIPLY, PUSH, 12345, ADD, STORE, 2,
    /* 128 */ LOAD, 2, PUSH, 8, SHIFT_RIGHT, LOAD, 2, PUSH, 97, REMAINDER, XOR, RETURN,
};

int main(void)
{
    program[1] = (int32_t)part_of(500 * seed);
    uint32_t sum = run(program);
    report("interp", fold(fold(sum, executed), heap[17]));
    return 0;
}
