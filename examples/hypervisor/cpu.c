/* cpu.c: the virtual CPU where it is not an instruction: reset, traps, interrupts, time. */
#include "hypervisor.h"

void cpu_reset(struct vm *vm, u32 entry)
{
    vm->pc = entry;
    vm->reg[10] = vm->size;                     /* a0 */
    vm->reg[11] = vm->control[VMID] = vm->number;       /* a1 */
    vm->control[TIMECMP] = vm->control[TIMECMPH] = ONES;
    vm->disk.due = vm->armed = NEVER;
}

/* Is the guest in what it takes for ring 0, and may do what is privileged? The real ring is 3. */
int cpu_in_kernel(struct vm *vm)
{
    return (vm->psw & RING) == 0;
}

/* The guest's own trap: what the machine does with one, done to the virtual CPU. */
void cpu_trap(struct vm *vm, u32 cause, u32 tval)
{
    u32 *control = vm->control, psw = vm->psw & ~(RING | IE | PRING | PIE);

    psw |= (vm->psw & RING) << 3 | (vm->psw & IE) << 3;
    if (control[TVEC] == 0) {
        vm_stop(vm, 120, "a trap without a handler");
        return;
    }
    if (vm->pc == control[TVEC] && control[EPC] == vm->pc && control[CAUSE] == cause && control[TVAL] == tval &&
        vm->psw == psw) {
        vm_stop(vm, 120, "a trap that changes nothing");        /* it would come again for ever */
        return;
    }
    control[EPC] = vm->pc;
    control[CAUSE] = cause;
    control[TVAL] = tval;
    vm->psw = psw;
    vm->pc = control[TVEC];
}

static u64 timecmp(struct vm *vm)
{
    return (u64)vm->control[TIMECMPH] << 32 | vm->control[TIMECMP];
}

/* Which lines are up, as far as has been noticed: new input makes the real line interrupt the guest at once. */
u32 cpu_noticed(struct vm *vm)
{
    u32 lines = vm->control[PENDING];

    if (vm->time >= timecmp(vm))
        lines |= TIMER;
    if (vm->line_wanted && vm->queued != vm->taken)
        lines |= CONSOLE;
    if (vm->disk.done)
        lines |= DISK;
    return lines;
}

/* The virtual `ip`: which lines are up. */
u32 cpu_pending(struct vm *vm)
{
    if (vm->line_wanted)
        console_ready(vm);
    return cpu_noticed(vm);
}

/* Have the guest take an interrupt if one is due: the lowest line first. */
void cpu_interrupts(struct vm *vm)
{
    u32 lines, line = 0;

    if (!(vm->psw & IE) || !vm->control[LINES])
        return;
    lines = cpu_pending(vm) & vm->control[LINES];
    if (!lines)
        return;
    while (!(lines >> line & 1))
        line++;
    cpu_trap(vm, INTERRUPT | line, 0);
}

/* The virtual time at which the guest has to be left, whatever it does: something will happen to it then, its timer's
 * interrupt only if it is enabled. */
u64 cpu_event(struct vm *vm, u32 enabled)
{
    u64 event = vm->time + (1 << 30);

    if (vm->disk.due < event)
        event = vm->disk.due;
    if (enabled && vm->control[LINES] & TIMER && timecmp(vm) > vm->time && timecmp(vm) < event)
        event = timecmp(vm);
    return event;
}

/* `hlt`: move virtual time on until an enabled line is up. Returns 0 if the guest has to wait for input instead, or
 * can wait for nothing. */
int cpu_wait(struct vm *vm)
{
    u32 lines = vm->control[LINES];

    while (!(cpu_pending(vm) & lines)) {
        u64 until = lines & DISK ? vm->disk.due : NEVER;

        if (lines & TIMER && timecmp(vm) < until)
            until = timecmp(vm);
        if (until != NEVER) {
            vm->skipped += until - vm->time;
            vm->time = until;
            disk_advance(vm);
        } else {
            if (!(lines & CONSOLE && vm->line_wanted && console_await(vm)))
                vm_stop(vm, 122, "nothing to wait for");
            return 0;
        }
    }
    return 1;
}
