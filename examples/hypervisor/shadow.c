/* shadow.c: memory. The guest's page tables lead from its virtual addresses to what it takes for physical ones; the
 * shadow page tables, which the machine uses, lead to where these really are.
 *
 * The shadow tables are a virtual TLB. They begin empty; a page fault that the guest's tables do not explain fills in
 * an entry; the guest's `tlbflush` empties them. So the guest's tables may be changed behind our back, as those of any
 * machine with a TLB.
 *
 * The guest runs in ring 3, kernel and programs, and all that is its own is mapped with U. What only its kernel may use
 * is in the tables for its kernel alone: that is why each address space has two. */
#include "hypervisor.h"

extern char window[], window_end[];

/* --- Windows -------------------------------------------------------------------------------------------------------
 * A trap goes to `tvec` with the guest's paging still on. So one page with the way in and out (enter.s) is mapped where
 * the guest runs, without U, at its own physical address. What if the guest has a use for that address? Then the
 * window moves to another page. An instruction touches three pages at most, itself and two that its operand lies in;
 * with four windows one is always free, and the guest has all of its addresses. */
static u32 first_window, tvec;

/* Lay the windows out in these pages. They are at the end of the machine's memory, where guests, which have less, rarely
 * come. */
void shadow_begin(char *windows)
{
    first_window = (u32)windows;
    for (u32 n = 0; n < WINDOWS; n++)
        for (char *from = window; from != window_end; from++)
            windows[n * PAGE + (from - window)] = *from;
}

static void window_move(struct vm *vm)
{
    u32 n = (vm->window - first_window) / PAGE;

    vm->window = first_window + (n + 1) % WINDOWS * PAGE;
    shadow_drop(vm);
}

/* --- Tables -------------------------------------------------------------------------------------------------------- */

/* Forget everything. Tables that are not in use hold zeros; they are changed first, then the TLB is flushed, which may
 * look at them at any time. */
void shadow_drop(struct vm *vm)
{
    u32 *end = (u32 *)(vm->tables + PAGE * vm->tables_used);

    for (u32 *at = (u32 *)vm->tables; at != end; at += 8)
        at[0] = at[1] = at[2] = at[3] = at[4] = at[5] = at[6] = at[7] = 0;
    vm->tables_used = 0;
    vm->space = 0;
    for (u32 n = 0; n < SPACES; n++)
        vm->spaces[n] = (struct space){0};
    tlbflush();
}

/* A table with nothing in it, or 0 if there is no more room. */
static u32 *table_new(struct vm *vm)
{
    return vm->tables_used == TABLES ? 0 : (u32 *)(vm->tables + PAGE * vm->tables_used++);
}

/* Map one page. Returns 0 if there was no room for a table. */
static int table_map(struct vm *vm, u32 root, u32 address, u32 entry)
{
    u32 *first = (u32 *)root + (address >> 22), *second;

    if (!*first) {
        u32 *table = table_new(vm);

        if (!table)
            return 0;
        *first = (u32)table | V;
    }
    second = (u32 *)(*first & FRAME) + (address >> 12 & 1023);
    if (((*second ^ entry) & ~(A | D)) == 0)
        tlbflush();                             /* it is there, and the TLB has not noticed */
    *second = entry;
    return 1;
}

/* The root of an empty table, in which there is the window. */
static u32 root_new(struct vm *vm)
{
    u32 root = (u32)table_new(vm);

    if (!root || !table_map(vm, root, vm->window, vm->window | V | R | X | A))
        return 0;
    return root;
}

static struct space *space_find(struct vm *vm, u32 ptb)
{
    for (struct space *space = vm->spaces; space != vm->spaces + SPACES; space++) {
        if (!space->root[0] && !space->root[1])
            space->ptb = ptb;                   /* a new one: those behind it are free as well */
        if (space->ptb == ptb)
            return space;
    }
    shadow_drop(vm);
    vm->spaces[0].ptb = ptb;
    return vm->spaces;
}

/* Choose the tables for the guest as it is now. Those of different spaces, for the kernel or not, have ASIDs of their
 * own, so that changing between them needs no flush. */
void shadow_enter(struct vm *vm)
{
    u32 view = (vm->psw & RING) == USER;

    if (!vm->window)
        vm->window = first_window;
    if (vm->window != tvec)
        wrcr(tvec, tvec = vm->window);
    if (!vm->space)
        vm->space = space_find(vm, vm->ptb & EN ? vm->ptb : 0);
    while (!vm->space->root[view])
        if (!(vm->space->root[view] = root_new(vm))) {
            u32 ptb = vm->space->ptb;

            shadow_drop(vm);
            vm->space = space_find(vm, ptb);
        }
    vm->table = vm->space->root[view] | (1 + 2 * (vm->number * SPACES + (vm->space - vm->spaces)) + view) << 1 | EN;
}

/* --- The guest's tables ---------------------------------------------------------------------------------------------- */

/* A word of the guest's memory by its physical address, or 0 if there is none. */
static u32 *guest_word(struct vm *vm, u32 address)
{
    return address < vm->size ? (u32 *)(vm->ram + address) : 0;
}

/* The entry of the guest's tables that maps an address, if it allows this kind of access (R, W or X); or 0. `*page` is
 * then the guest's physical address of the page. */
static u32 *guest_walk(struct vm *vm, u32 address, u32 kind, u32 *page)
{
    u32 table = vm->ptb & FRAME;

    for (u32 shift = 22; shift >= 12; shift -= 10) {
        u32 *entry = guest_word(vm, table + 4 * (address >> shift & 1023));

        if (!entry || !(*entry & V))
            return 0;
        if (*entry & (R | W | X)) {
            u32 below = (1 << shift) - 1;       /* what of the address lies within the page, large or small */

            if ((*entry & (R | W)) == W || !(*entry & kind) || ((*entry & FRAME) & below) ||
                ((vm->psw & RING) == USER && !(*entry & U)))
                return 0;
            *page = (*entry & FRAME) | (address & below & FRAME);
            return entry;
        }
        table = *entry & FRAME;
    }
    return 0;
}

/* Would the guest's tables and memory allow an access that ends, if not, in the trap `cause`? Returns ALLOWED, or the
 * cause of the trap. `*entry` is the entry that maps the address (0 with paging off), `*page` as above. */
static int guest_access(struct vm *vm, u32 cause, u32 address, u32 **entry, u32 *page)
{
    *entry = 0;
    *page = address & FRAME;
    if (vm->ptb & EN) {
        *entry = guest_walk(vm, address, cause == FETCH_FAULT ? X : cause == LOAD_FAULT ? R : W, page);
        if (!*entry)
            return cause;
    }
    return *page < vm->size ? ALLOWED : BUS_ERROR;
}

/* `lra`: the guest's physical address for a load, or all ones. */
u32 shadow_physical(struct vm *vm, u32 address)
{
    u32 *entry, page;

    return guest_access(vm, LOAD_FAULT, address, &entry, &page) == ALLOWED ? page | (address & ~FRAME) : ONES;
}

/* The instruction at pc; 0 if the guest cannot fetch it, or would change the entry of its page by that. */
u32 shadow_instruction(struct vm *vm)
{
    u32 *entry, page;

    if (guest_access(vm, FETCH_FAULT, vm->pc, &entry, &page) != ALLOWED || (entry && !(*entry & A)))
        return 0;
    return *guest_word(vm, page | (vm->pc & ~FRAME));
}

/* --- Page faults ----------------------------------------------------------------------------------------------------- */

enum { OP_LH = 0x42, OP_LHU, OP_LW, OP_SH = 0x49, OP_SW, OP_CAS = 0x51 };

/* Does the access that has faulted at an address lie in two pages? Then `*other` is where it begins in the other one. */
static int in_two_pages(struct vm *vm, u32 address, u32 *other)
{
    u32 word = shadow_instruction(vm), from = vm->reg[word >> 16 & 15] + (short)word, to;

    switch (word >> 24) {
    case OP_LH: case OP_LHU: case OP_SH: to = from + 1; break;
    case OP_LW: case OP_SW:              to = from + 3; break;
    default:                             return 0;
    }
    *other = (address ^ from) & FRAME ? from : to & FRAME;
    return ((from ^ to) & FRAME) != 0;
}

/* Is it a `cas` that will not store, as it finds another value? It must not set D, so it is done here. */
static int compare_only(struct vm *vm, u32 *at)
{
    u32 word = shadow_instruction(vm), *rd = &vm->reg[word >> 20 & 15];

    if (word >> 24 != OP_CAS || *at == *rd)
        return 0;
    *rd = *at;
    vm->reg[0] = 0;
    vm->pc += 4;
    vm->time++;
    return 1;
}

/* The guest has got a page fault from the shadow tables. Either its own tables do not allow the access, and it shall
 * have the trap that is returned, with vm->tval; or they do, and then the shadow tables will (ALLOWED). */
int shadow_fault(struct vm *vm)
{
    u32 address = vm->tval, rights = R | W | X, page, other, other_page, *entry, *other_entry;
    int cause = guest_access(vm, vm->cause, address, &entry, &page);

    if (cause != ALLOWED)
        return cause;
    if (entry && vm->cause != FETCH_FAULT && in_two_pages(vm, address, &other)) {
        cause = guest_access(vm, vm->cause, other, &other_entry, &other_page);
        if (cause != ALLOWED) {                 /* then nothing happens here either, not even A */
            vm->tval = other;
            return cause;
        }
    }
    if (entry) {
        *entry |= A;
        if (vm->cause == STORE_FAULT && !(*entry & D)) {
            if (compare_only(vm, guest_word(vm, page | (address & ~FRAME))))
                return ALLOWED;
            *entry |= D;
        }
        rights = *entry & (R | X);
        if (*entry & D)
            rights |= *entry & W;               /* else the first store faults, so that we see it and set D */
    }
    if ((address & FRAME) == vm->window) {
        window_move(vm);
        shadow_enter(vm);
    }
    if (!table_map(vm, vm->table & FRAME, address, (u32)(vm->ram + page) | rights | V | U | A | D))
        shadow_drop(vm);                        /* and the guest faults again */
    return ALLOWED;
}
