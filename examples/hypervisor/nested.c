/* nested.c: a guest that is a hypervisor by VT. Its VM instructions exit, as it is in non-root operation, and are done here
 * to a virtual VMCS in its memory, VMCS12. When it enters a guest of its own, the processor enters that by VMCS02, merged of
 * VMCS12 and of what we want of the guest (VMCS01); its second page tables are merged with ours in the same way. Which of
 * the exits are the guest's and which are ours its VMCS12 says (Ben-Yehuda et al., "The Turtles Project", 2010). */
#include "vt.h"

/* --- VMCS12 ------------------------------------------------------------------------------------------------------------ */

enum { LAUNCHED = 512 };                        /* the word of its page that says whether it is launched */

/* Is there such a field? By area and width, which indexes there are. */
static int exists(u32 field)
{
    static const u32 there[16] = {
        [0] = 1, [1] = 0x2000, [2] = 0x7009a47, [5] = 1, [6] = 0xcf, [7] = 0x21, [10] = 0x800000, [11] = 0x79ff,
        [15] = 0x79ff
    };

    return !(field & ~0x6c3e) && there[(field >> 10 & 3) << 2 | (field >> 13 & 3)] >> (field >> 1 & 31) & 1;
}

static int is_page(struct vm *vm, u32 address)
{
    return !(address & ~FRAME) && address < vm->size;
}

static u32 secondary12(struct vm *vm)
{
    return get12(vm, PRIMARY) & SECOND ? get12(vm, SECONDARY) : 0;
}

/* Does its guest or host state have bits in control registers that the machine lacks? */
static int stray(struct vm *vm, u32 area)
{
    return (get12(vm, area + 2 * R_PSW) & ~PSW) || (get12(vm, area + 2 * R_PTB) & ~PTB) ||
           (get12(vm, area + 2 * R_TVEC) & 3) || (get12(vm, area + 2 * R_EPC) & 3) ||
           (get12(vm, area + 2 * R_LINES) & ~15) || (get12(vm, area + 2 * R_PENDING) & ~SOFTWARE);
}

/* The error of VM entry with VMCS12, 0 if there is none. */
static u32 entry_error(struct vm *vm, int resumes)
{
    u32 primary = get12(vm, PRIMARY), event = get12(vm, ENTRY_EVENT), type = event >> 8 & 7;

    if (!resumes && word12(vm, 0)[LAUNCHED])
        return 4;
    if (resumes && !word12(vm, 0)[LAUNCHED])
        return 5;
    if ((get12(vm, PIN) & ~WITH_TIMER) != 1)
        return 0x107;
    if (primary & ~(WINDOW | HLTS | FLUSHES | TIMES | PORTS | SECOND))
        return 0x207;
    if (secondary12(vm) & ~(NESTED | TAGGED))
        return 0x307;
    if (get12(vm, ON_EXIT) & ~SAVES_TIMER)
        return 0x407;
    if (get12(vm, ON_ENTRY))
        return 0x507;
    if ((get12(vm, READS) | get12(vm, WRITES)) >> R_PC)
        return 0x707;
    if (secondary12(vm) & TAGGED && !get12(vm, VPID))
        return 0x807;
    if (secondary12(vm) & NESTED && !is_page(vm, get12(vm, NESTED_TABLE)))
        return 0x907;
    if (get12(vm, ON_EXIT) & SAVES_TIMER && !(get12(vm, PIN) & WITH_TIMER))
        return 0xa07;
    if (event & EVENT && ((event & 0x7ffff000) || (type == 0 ? (event & 0x800) || (event & 0xff) > 31
                                                   : type != 3 || !(event & 0x800) || (event & 0xff) > BUS_ERROR)))
        return 0xb07;
    if (get12(vm, OWN + 2 * R_PC) & 3)
        return 0x108;
    if (stray(vm, OWN))
        return 0x208;
    return get12(vm, OWN + 2 * R_PSW) & RING ? 0x308 : 0;
}

/* What is wrong with the state of its guest, 0 if nothing is. */
static u32 invalid(struct vm *vm)
{
    u32 event = get12(vm, ENTRY_EVENT);

    if (get12(vm, GUEST + 2 * R_PC) & 3)
        return 1;
    if (stray(vm, GUEST))
        return 2;
    if ((event & (EVENT | 0x700)) == EVENT && !(get12(vm, GUEST + 2 * R_PSW) & IE))
        return 4;
    return event & EVENT && !get12(vm, GUEST + 2 * R_TVEC) ? 5 : 0;
}

/* --- Into its guest and out of it ------------------------------------------------------------------------------------- */

int nested_inside(struct vm *vm)
{
    return vm->vt->now == &vm->vt->inner;
}

/* Registers that entry and exit load into the processor; those of lines are virtual, and in vm->control. */
static const u8 loaded[] = {R_PSW, R_PTB, R_TVEC, R_EPC, R_CAUSE, R_TVAL, R_SCRATCH, R_VMID, R_PC};
static const u8 lines[] = {R_LINES, R_PENDING, R_TIMECMP, R_TIMECMPH};

/* The bits that the machine has of them: VMCS12 may have been written to since entry has checked it. */
static const u32 bits[REGISTERS] = {
    [R_PSW] = PSW, [R_PTB] = PTB, [R_TVEC] = ~3, [R_EPC] = ~3, [R_CAUSE] = ONES, [R_TVAL] = ONES, [R_SCRATCH] = ONES,
    [R_LINES] = 15, [R_PENDING] = SOFTWARE, [R_TIMECMP] = ONES, [R_TIMECMPH] = ONES, [R_VMID] = ONES, [R_PC] = ~3
};

static void load_lines(struct vm *vm, u32 area)
{
    for (u32 n = 0; n < sizeof lines; n++)
        vm->control[lines[n] - R_CONTROL] = get12(vm, area + 2 * lines[n]) & bits[lines[n]];
}

/* It enters. `vmlaunch` itself has not retired yet. */
static void enter(struct vm *vm)
{
    struct vt *vt = vm->vt;
    u32 primary = get12(vm, PRIMARY), secondary = secondary12(vm), event = get12(vm, ENTRY_EVENT);

    vt->by.primary = primary;
    vt->by.secondary = secondary;
    vt->by.leaving = get12(vm, ON_EXIT);
    vt->by.reads = get12(vm, READS);
    vt->by.writes = get12(vm, WRITES);
    vt->by.table = get12(vm, NESTED_TABLE);
    vt->by.ie = get12(vm, OWN + 2 * R_LINES);
    vt->by.ip = get12(vm, OWN + 2 * R_PENDING);
    vt->by.timecmp = (u64)get12(vm, OWN + 2 * R_TIMECMPH) << 32 | get12(vm, OWN + 2 * R_TIMECMP);
    vt->by.alarm = get12(vm, PIN) & WITH_TIMER ? vm->time + 1 + get12(vm, LEFT) : NEVER;
    if (!(secondary & TAGGED))
        merged_drop(vm);                               /* its entries have no names by which they could be kept */
    use(vm, &vt->inner);
    set(vm, PRIMARY, HLTS | TIMES | PORTS | SECOND | (primary & (WINDOW | FLUSHES)));
    set(vm, NESTED_TABLE, secondary & NESTED ? merged_root(vm, vt->by.table) : vt->root);
    set(vm, EXCEPTIONS, get12(vm, EXCEPTIONS));
    set(vm, READS, vt->by.reads | READ_BY_US);
    set(vm, WRITES, vt->by.writes | WRITTEN_BY_US);
    vt->injecting = event & EVENT;
    if (vt->injecting) {
        set(vm, ENTRY_EVENT, event);
        set(vm, ENTRY_VALUE, get12(vm, ENTRY_VALUE));
        *word12(vm, ENTRY_EVENT) = event & ~EVENT;
    }
    word12(vm, 0)[LAUNCHED] = 1;
    for (u32 n = 0; n < sizeof loaded; n++)
        set(vm, GUEST + 2 * loaded[n], get12(vm, GUEST + 2 * loaded[n]));
    load_lines(vm, GUEST);
}

/* Its guest exits to it. The exit information of the processor's exit is its own, if `own`; it gets none else. */
static void leave(struct vm *vm, u32 reason, u32 qualification, int own)
{
    static const unsigned short told[] = {EXIT_EVENT, EXIT_VALUE, LENGTH, INSTRUCTION, PHYSICAL};
    struct vt *vt = vm->vt;

    if (!(reason & ENTRY_FAILED)) {
        for (u32 n = 0; n < sizeof loaded; n++)
            *word12(vm, GUEST + 2 * loaded[n]) = get(vm, GUEST + 2 * loaded[n]);
        for (u32 n = 0; n < sizeof lines; n++)
            *word12(vm, GUEST + 2 * lines[n]) = vm->control[lines[n] - R_CONTROL];
        if (vt->by.leaving & SAVES_TIMER)
            *word12(vm, LEFT) = vm->time < vt->by.alarm ? vt->by.alarm - vm->time : 0;
    }
    *word12(vm, REASON) = reason;
    *word12(vm, QUALIFICATION) = qualification;
    for (u32 n = 0; n < sizeof told / sizeof *told; n++)
        *word12(vm, told[n]) = own ? get(vm, told[n]) : 0;
    *word12(vm, LINEAR) = 0;
    use(vm, &vt->own);
    for (u32 n = 0; n < sizeof loaded; n++)
        set(vm, GUEST + 2 * loaded[n], get12(vm, OWN + 2 * loaded[n]) & bits[loaded[n]]);
    load_lines(vm, OWN);
    if (!(vt->by.secondary & TAGGED))
        merged_drop(vm);
}

/* Which lines of the guest's own, that is of its host state, are up? */
static u32 own_lines(struct vm *vm)
{
    u32 up = (cpu_noticed(vm) & (CONSOLE | DISK)) | vm->vt->by.ip;

    return (vm->time >= vm->vt->by.timecmp ? up | TIMER : up) & vm->vt->by.ie;
}

/* Before the next instruction of its guest: does that exit to it for what has come about? */
void nested_due(struct vm *vm)
{
    if (!nested_inside(vm) || vm->vt->injecting)
        return;                                 /* an event is delivered before anything else */
    if (vm->time >= vm->vt->by.alarm)
        leave(vm, TIMER_OUT, 0, 0);
    else if (own_lines(vm))
        leave(vm, EXTERNAL, 0, 0);
}

/* The virtual time at which its guest has to be left. */
u64 nested_event(struct vm *vm)
{
    u64 event = vm->time + (1 << 30);

    if (vm->disk.due < event)
        event = vm->disk.due;
    if (vm->vt->by.alarm < event)
        event = vm->vt->by.alarm;
    if (vm->vt->by.ie & TIMER && vm->vt->by.timecmp < event)
        event = vm->vt->by.timecmp;
    return event < vm->time ? vm->time : event;
}

/* Its guest was left, if one runs. Is that done with? Else it is for vt.c. */
int nested_left(struct vm *vm)
{
    u32 reason, what, why = 0, wanted = 1;

    if (!nested_inside(vm))
        return 0;
    reason = get(vm, REASON);
    what = get(vm, QUALIFICATION);
    switch (reason) {
    case EXTERNAL: case TIMER_OUT:
        return 0;                               /* ours */
    case HLT:          wanted = vm->vt->by.primary & HLTS; break;
    case TIME_READ:    wanted = vm->vt->by.primary & TIMES; break;
    case IO:           wanted = vm->vt->by.primary & PORTS; break;
    case CONTROL_USED: wanted = (what & 0x100 ? vm->vt->by.reads : vm->vt->by.writes) >> (what & 31) & 1; break;
    case VIOLATION: case MISCONFIGURED:
        why = merged_fault(vm);
        if (!why)
            return 1;
        reason = why;
        if (why == MISCONFIGURED)
            what = 0;
    }
    if (!wanted)
        return 0;
    leave(vm, reason, what, 1);
    return 1;
}

/* --- Its VM instructions ------------------------------------------------------------------------------------------------ */

/* Tell the guest how an instruction went: 0 well, else its error. */
static void went(struct vm *vm, u32 error)
{
    u32 psw = get(vm, GUEST + 2 * R_PSW), now = (psw & ~(0xff << 8)) | (error & 0xff) << 8;

    if (vm->vt->pointer != ONES && error)
        *word12(vm, ERROR) = error;
    else if (error)
        now |= 0xff << 8;                       /* there is no current VMCS */
    if (now != psw)
        set(vm, GUEST + 2 * R_PSW, now);
}

static u32 access_error(struct vm *vm, u32 field, int writes)
{
    if (vm->vt->pointer == ONES)
        return 0xff;
    return !exists(field) ? 12 : writes && (field >> 10 & 3) == 1 ? 13 : 0;
}

/* It launches or resumes. Returns 0 if that is an exit at once, as its guest's state is not valid. */
static int launch(struct vm *vm, int resumes)
{
    u32 error = vm->vt->pointer == ONES ? 0xff : entry_error(vm, resumes), wrong;

    if (error) {
        went(vm, error);
        return 1;
    }
    wrong = invalid(vm);
    if (wrong) {
        leave(vm, ENTRY_FAILED | INVALID, wrong, 0);
        vm->pc = get12(vm, OWN + 2 * R_PC) & ~3;
        return 0;
    }
    enter(vm);
    return 1;
}

u32 emulate_other(struct vm *vm, u32 word, u32 next)
{
    u32 *rd = &vm->reg[word >> 20 & 15], rs1 = vm->reg[word >> 16 & 15], rs2 = vm->reg[word >> 12 & 15], error = 0;

    switch (word >> 24) {
    case OP_VMREAD:
        error = access_error(vm, rs1, 0);
        if (!error)
            *rd = get12(vm, rs1);
        break;
    case OP_VMWRITE:
        error = access_error(vm, rs1, 1);
        if (!error)
            *word12(vm, rs1) = rs1 == VPID ? rs2 & 0xffff : rs2;
        break;
    case OP_VMCLEAR:
        error = is_page(vm, rs1) ? 0 : 2;
        if (!error) {
            ((u32 *)(vm->ram + rs1))[LAUNCHED] = 0;
            if (vm->vt->pointer == rs1)
                vm->vt->pointer = ONES;
        }
        break;
    case OP_VMPTRLD:
        error = is_page(vm, rs1) ? 0 : 9;
        if (!error)
            vm->vt->pointer = rs1;
        break;
    case OP_INVEPT:
        merged_drop(vm);
        break;
    case OP_VMLAUNCH: case OP_VMRESUME:
        return launch(vm, word >> 24 == OP_VMRESUME) ? next : NOWHERE;
    default:
        panic("an instruction that should not exit");
    }
    went(vm, error);
    return next;
}

void nested_new(struct vm *vm)
{
    vm->tables = pages(TABLES);
    vm->vt->pointer = ONES;
    vmcs_new(&vm->vt->inner, vm->vt->root);
}
