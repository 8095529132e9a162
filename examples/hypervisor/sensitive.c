/* sensitive.c: the other sensitive instructions, which concern only the processor. On a machine for which theorem 1 of Popek
 * and Goldberg holds they, and those of emulate.c, are all that a hypervisor has to see. */
#include "hypervisor.h"

/* Returns where the guest goes on, which is `next` if it does not say. */
u32 emulate_other(struct vm *vm, u32 word, u32 next)
{
    u32 *rd = &vm->reg[word >> 20 & 15], rs1 = vm->reg[word >> 16 & 15];

    switch (word >> 24) {
    case OP_SETPTB:   vm->ptb = rs1 & PTB; vm->space = 0; break;
    case OP_TLBFLUSH: shadow_drop(vm); break;
    case OP_CLI:      vm->psw &= ~IE; break;
    case OP_STI:      vm->psw |= IE; break;
    case OP_RFE:
        vm->psw = (vm->psw & ~(RING | IE)) | (vm->psw & PRING) >> 3 | (vm->psw & PIE) >> 3;
        next = vm->control[EPC];
        break;
    case OP_GETPSW:   *rd = vm->psw; break;
    case OP_SETPSW:   vm->psw = rs1 & PSW; break;
    case OP_GETPTB:   *rd = vm->ptb; break;
    case OP_LRA:      *rd = shadow_physical(vm, rs1); break;
    case OP_JRU:      vm->psw |= USER; next = rs1 & ~3; break;
    default:          panic("an instruction that should not trap");
    }
    return next;
}

/* --- Clusters ----------------------------------------------------------------------------------------------------------
 * Sensitive instructions like company: a kernel that begins to handle a trap reads several control registers. To emulate
 * the next one at once costs a fifth of what it costs to enter the guest and to be told of it (Agesen et al., "Software
 * Techniques for Avoiding Hardware Virtualization Exits", 2012). Nothing else is different: what would happen before
 * that instruction, an interrupt or a transfer, ends the cluster. */

enum { CLUSTER = 16 };

/* The bits that have to be 0 in a sensitive instruction, by opcode; else it is an illegal one. */
static const u32 zeros[] = {
    [OP_IN - OP_IN] = 0xffff, [OP_OUT - OP_IN] = 0xf00fff, [OP_SETPTB - OP_IN] = 0xf0ffff, [OP_TLBFLUSH - OP_IN] = 0xffffff,
    [OP_RDCR - OP_IN] = 0xffff0, [OP_WRCR - OP_IN] = 0xf0fff0, [OP_CLI - OP_IN] = 0xffffff, [OP_STI - OP_IN] = 0xffffff,
    [OP_HLT - OP_IN] = 0xffffff, [OP_RFE - OP_IN] = 0xffffff, [OP_GETPSW - OP_IN] = 0xfffff,
    [OP_SETPSW - OP_IN] = 0xf0ffff, [OP_GETPTB - OP_IN] = 0xfffff, [OP_LRA - OP_IN] = 0xffff, [OP_JRU - OP_IN] = 0xf0ffff
};

static int is_sensitive(u32 word)
{
    u32 op = word >> 24;

    if (op < OP_IN || op > OP_JRU || !zeros[op - OP_IN] || word & zeros[op - OP_IN])
        return 0;
    return (op != OP_RDCR && op != OP_WRCR) || (word & 15) < CONTROLS;
}

void emulate(struct vm *vm, u32 word)
{
    u32 n = 0;

    do
        emulate_one(vm, word);
    while (++n < CLUSTER && vm->state == READY && cpu_in_kernel(vm) && !(vm->psw & IE) && vm->time < vm->disk.due &&
           is_sensitive(word = shadow_instruction(vm)));
}
