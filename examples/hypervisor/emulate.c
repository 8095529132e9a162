/* emulate.c: instructions that devices, time and interrupt lines are behind, done to the virtual CPU: a hypervisor has to
 * see them whether they trap or exit. */
#include "hypervisor.h"

static u32 read_control(struct vm *vm, u32 number)
{
    switch (number) {
    case PENDING: return cpu_pending(vm);
    case TIME:    return vm->time;
    case TIMEH:   return vm->time >> 32;
    default:      return vm->control[number];
    }
}

static void write_control(struct vm *vm, u32 number, u32 value)
{
    switch (number) {
    case TVEC: case EPC:              value &= ~3; break;
    case LINES:                       value &= TIMER | CONSOLE | DISK | SOFTWARE; break;
    case PENDING:                     value &= SOFTWARE; break;
    case TIME: case TIMEH: case VMID: return;
    }
    vm->control[number] = value;
}

/* The guest's kernel has executed this instruction, and is left. */
void emulate_one(struct vm *vm, u32 word)
{
    u32 *rd = &vm->reg[word >> 20 & 15], rs1 = vm->reg[word >> 16 & 15], rs2 = vm->reg[word >> 12 & 15];
    u32 next = vm->pc + 4;

    switch (word >> 24) {
    case OP_IN:
        if (!port_in(vm, rs1 & 0xffff, rd))
            return;                             /* once more when there is input */
        break;
    case OP_OUT:      port_out(vm, rs1 & 0xffff, rs2); break;
    case OP_RDCR:     *rd = read_control(vm, word & 15); break;
    case OP_WRCR:     write_control(vm, word & 15, rs1); break;
    case OP_RDTIME:   *rd = vm->time; break;
    case OP_HLT:
        if (!cpu_wait(vm))
            return;
        break;
    default:
        next = emulate_other(vm, word, next);
        if (next == NOWHERE)
            return;
    }
    vm->reg[0] = 0;
    vm->pc = next;
    vm->time++;                                 /* it has retired */
}

