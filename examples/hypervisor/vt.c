/* vt.c: guests by VT. A guest has all rings of the processor, its own page tables and traps; second page tables keep it to
 * its memory. It exits for devices, time and interrupt lines, and for nothing else (docs/vt.md). */
#include "vt.h"

int vt_enter(struct vm *vm, u32 launched);
extern char vm_left[], vm_trapped[];

static struct vt vts[MOST_VMS];
static struct vmcs *current;                    /* the processor's */

/* --- VMCSs --------------------------------------------------------------------------------------------------------------
 * Each VM instruction is an exit where the hypervisor is itself a guest. Since nobody else changes controls and host state,
 * they are written only if they differ from what has been written last. */

static inline u32 vmread(u32 field) { u32 v; asm volatile("vmread %0, %1" : "=r"(v) : "r"(field) : "memory"); return v; }
static void vmwrite(u32 field, u32 value) { asm volatile("vmwrite %0, %1" : : "r"(field), "r"(value) : "memory"); }
static void vmclear(u32 *page) { asm volatile("vmclear %0" : : "r"(page) : "memory"); }
static void vmptrld(u32 *page) { asm volatile("vmptrld %0" : : "r"(page) : "memory"); }

/* Have the guest run by this VMCS from now on. */
void use(struct vm *vm, struct vmcs *vmcs)
{
    vm->vt->now = vmcs;
    if (current != vmcs)
        vmptrld(vmcs->page);
    current = vmcs;
}

/* The build DIRECT does without `vmread` and `vmwrite`: pg32x says where in a VMCS's page each field is, and looks there at
 * entry and exit only. Turtles does the same, to spare the exits. */
#ifdef DIRECT
u32 get(struct vm *vm, u32 field) { return vm->vt->now->page[place(field)]; }
void set(struct vm *vm, u32 field, u32 value) { vm->vt->now->page[place(field)] = value; }
#else
u32 get(struct vm *vm, u32 field)
{
    (void)vm;
    return vmread(field);
}

void set(struct vm *vm, u32 field, u32 value)
{
    u32 *known = vm->vt->now->known, area = field >> 10 & 3;

    if (area == 2 || field == ENTRY_EVENT || known[place(field)] != value)
        vmwrite(field, value);
    known[place(field)] = value;
}
#endif

/* A VMCS for a guest with these second page tables, and none of the guest's state. */
void vmcs_new(struct vmcs *vmcs, u32 root)
{
    vmcs->page = pages(1);
    vmclear(vmcs->page);
    vmptrld(vmcs->page);
    current = vmcs;
    vmwrite(PIN, 1 | WITH_TIMER);
    vmwrite(ON_EXIT, SAVES_TIMER);
    vmwrite(PRIMARY, HLTS | TIMES | PORTS | SECOND);
    vmwrite(SECONDARY, NESTED | TAGGED);
    vmwrite(VPID, 1);
    vmwrite(NESTED_TABLE, root);
    vmwrite(READS, READ_BY_US);
    vmwrite(WRITES, WRITTEN_BY_US);
    vmwrite(OWN + 2 * R_TVEC, (u32)vm_trapped);
    vmwrite(OWN + 2 * R_TIMECMP, ONES);
    vmwrite(OWN + 2 * R_TIMECMPH, ONES);
    vmwrite(OWN + 2 * R_PC, (u32)vm_left);
}

/* --- Memory ---------------------------------------------------------------------------------------------------------------
 * All of a guest's memory is mapped from the beginning. What is beyond leads to where there is nothing, so that the machine
 * itself gives the guest its bus error. */

static u32 second_tables(struct vm *vm)
{
    u32 *root = pages(1), *table;

    for (u32 n = 0; n < 1024; n++)
        root[n] = ABSENT | LEAF | ALL;
    for (u32 at = 0; at < vm->size; at += PAGE) {
        if (at % (1024 * PAGE) == 0) {
            table = pages(1);
            root[at >> 22] = (u32)table | ALL;
            for (u32 n = 0; n < 1024; n++)
                table[n] = (ABSENT + n * PAGE) | LEAF | ALL;
        }
        ((u32 *)(root[at >> 22] & FRAME))[at >> 12 & 1023] = (u32)(vm->ram + at) | LEAF | ALL;
    }
    return (u32)root;
}

/* --- Running -------------------------------------------------------------------------------------------------------------- */

u8 *guest_begin(u8 *end)
{
    wrcr(tvec, vm_trapped);
    return end;
}

void guest_new(struct vm *vm, u32 entry)
{
    struct vt *vt = vm->vt = &vts[vm - vms];

    cpu_reset(vm, entry);
    vt->root = second_tables(vm);
    vmcs_new(&vt->own, vt->root);
    use(vm, &vt->own);
    set(vm, GUEST + 2 * R_VMID, vm->number);
    set(vm, GUEST + 2 * R_PC, entry);
    nested_new(vm);
}

/* Have the guest take the interrupt of a line that is up, if it takes any. Returns 0 if not. */
static int inject(struct vm *vm, u32 lines)
{
    u32 line = 0;

    if (!(get(vm, GUEST + 2 * R_PSW) & IE))
        return 0;
    while (!(lines >> line & 1))
        line++;
    if (get(vm, GUEST + 2 * R_TVEC) == 0) {
        vm->pc = get(vm, GUEST + 2 * R_PC);
        vm_stop(vm, 120, "a trap without a handler");
    }
    set(vm, ENTRY_EVENT, EVENT | line);
    return 1;
}

/* An instruction of the guest's has exited. */
static void instruction(struct vm *vm)
{
    struct vmcs *vmcs = vm->vt->now;

    vm->pc = get(vm, GUEST + 2 * R_PC);
    emulate_one(vm, get(vm, INSTRUCTION));
    if (vm->vt->now == vmcs)                    /* else it has entered a guest of its own */
        set(vm, GUEST + 2 * R_PC, vm->pc);
}

static void handle(struct vm *vm)
{
    if (nested_left(vm))
        return;
    switch (get(vm, REASON)) {
    case EXTERNAL:
        console_pump();
        break;
    case WINDOW_OPEN: case TIMER_OUT:
        break;                                  /* who comes here next looks at the lines */
    case TRIPLE:
        vm->pc = get(vm, GUEST + 2 * R_PC);
        vm_stop(vm, 120, get(vm, GUEST + 2 * R_TVEC) ? "a trap that changes nothing" : "a trap without a handler");
        break;
    case HLT: case TIME_READ: case CONTROL_USED: case IO: case VMCLEAR: case VMLAUNCH: case VMPTRLD: case VMREAD:
    case VMRESUME: case VMWRITE: case INVEPT:
        instruction(vm);
        break;
    default:
        panic("an exit that should not be");
    }
}

/* Enter a guest, and do what has to be done when it is left, after `slice` instructions at the latest. */
void guest_run(struct vm *vm, u32 slice)
{
    struct vt *vt = vm->vt;
    u32 lines = 0, window = 0, span, own = console_full() ? 0 : CONSOLE;
    u64 event;

    use(vm, vt->now);
    nested_due(vm);
    if (nested_inside(vm))
        event = nested_event(vm);
    else {
        if (vm->control[LINES])
            lines = cpu_noticed(vm) & vm->control[LINES];
        if (lines && !inject(vm, lines))
            window = WINDOW;
        if (vm->state != READY)
            return;
        set(vm, PRIMARY, HLTS | TIMES | PORTS | SECOND | window);
        event = cpu_event(vm, 1);
    }
    span = event - vm->time < slice ? event - vm->time : slice;
    set(vm, LEFT, span);
    set(vm, OWN + 2 * R_LINES, own);
    if (vt_enter(vm, vt->now->launched))
        panic("a guest cannot be entered");
    vt->now->launched = 1;
    vt->injecting = 0;
    lines_enabled = own;                        /* the exit has loaded it */
    vm->ran = span - get(vm, LEFT);
    vm->time += vm->ran;
    vm->exits++;
    if (slice != ONES)
        vm->ended = rdcr(time);
    handle(vm);
}
