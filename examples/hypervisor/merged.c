/* merged.c: the second page tables of a guest that is a hypervisor, merged with ours: from what its guest takes for physical
 * to where that really is. They begin empty, and are filled at violations, as shadow page tables are. */
#include "vt.h"

/* Forget what has been merged. */
void merged_drop(struct vm *vm)
{
    u32 *end = (u32 *)(vm->tables + PAGE * vm->tables_used);

    for (u32 *at = (u32 *)vm->tables; at != end; at++)
        *at = 0;
    vm->tables_used = 0;
    for (u32 n = 0; n < ROOTS; n++)
        vm->vt->merged[n].root = 0;
    invept();
}

/* A page of zeros for a table, or 0 if there are no more. */
static u32 table_new(struct vm *vm)
{
    return vm->tables_used == TABLES ? 0 : (u32)(vm->tables + PAGE * vm->tables_used++);
}

/* The root of what the guest's tables with this root become. */
u32 merged_root(struct vm *vm, u32 outer)
{
    for (;;) {
        for (u32 n = 0; n < ROOTS; n++) {
            if (!vm->vt->merged[n].root) {
                vm->vt->merged[n].outer = outer;
                vm->vt->merged[n].root = table_new(vm);
            }
            if (vm->vt->merged[n].root && vm->vt->merged[n].outer == outer)
                return vm->vt->merged[n].root;
        }
        merged_drop(vm);
    }
}

/* Walk the guest's tables for an access that needs these rights. Returns VIOLATION or MISCONFIGURED, or 0 with the entry
 * for the merged tables. */
static u32 walk12(struct vm *vm, u32 address, u32 rights, u32 *entry)
{
    u32 table = vm->vt->by.table, at, below;

    for (u32 shift = 22; shift >= 12; shift -= 10) {
        u32 where = table + 4 * (address >> shift & 1023);

        if (where >= vm->size || !((at = *(u32 *)(vm->ram + where)) & ALL))
            return VIOLATION;
        if ((at & 3) == 2 || at & RESERVED)
            return MISCONFIGURED;
        below = (1 << shift) - 1;
        if (at & LEAF) {
            u32 page = (at & FRAME) | (address & below & FRAME);

            if ((at & rights) != rights || at & FRAME & below)
                return VIOLATION;
            *entry = (page < vm->size ? (u32)vm->ram + page : ABSENT) | LEAF | (at & ALL);
            return 0;
        }
        table = at & FRAME;
    }
    return VIOLATION;
}

/* The merged tables have not allowed an access. Returns what the guest is to be told, 0 if they allow it now. */
u32 merged_fault(struct vm *vm)
{
    u32 address = get(vm, PHYSICAL), kind = get(vm, QUALIFICATION) & 7, root = vm->vt->by.table, entry, *first;
    u32 why = walk12(vm, address, kind == 3 ? 2 : kind, &entry);

    if (why)
        return why;
    first = (u32 *)merged_root(vm, root) + (address >> 22);
    if (!*first) {
        u32 table = table_new(vm);

        if (!table) {
            merged_drop(vm);
            set(vm, NESTED_TABLE, merged_root(vm, root));
            return 0;                           /* and it exits again */
        }
        *first = table | ALL;
    }
    ((u32 *)(*first & FRAME))[address >> 12 & 1023] = entry;
    return 0;
}
