/* trap.c: guests by trap-and-emulate. Whatever is a guest's runs in ring 3 (enter.s), with page tables that are not its own
 * (shadow.c); what traps there is emulated, or is the guest's own trap. */
#include "hypervisor.h"

/* Before there is any guest: returns the end of the memory for them. */
u8 *guest_begin(u8 *end)
{
    end -= WINDOWS * PAGE;
    shadow_begin((char *)end);
    asm volatile("setpsw %0" : : "r"(USER << 3 | PIE));         /* to where `rfe` goes; nobody changes it again */
    return end;
}

void guest_new(struct vm *vm, u32 entry)
{
    vm->tables = pages(TABLES);
    cpu_reset(vm, entry);
}

/* The guest is to be entered: when shall the real timer ring? Its interrupt may come before the guest's next event, and
 * is then set again; it never comes too late, since virtual time is not faster than the real one. */
static void set_alarm(struct vm *vm, u32 slice)
{
    u64 event = cpu_event(vm, vm->psw & IE);

    vm->alarm = 0;
    if (event < vm->armed) {
        vm->alarm = event - vm->time < slice ? event - vm->time : slice;
        vm->armed = event;
    }
}

/* The guest was left: do what has to be done before it goes on. */
static void handle(struct vm *vm)
{
    int cause;

    switch (vm->cause) {
    case INTERRUPT | 0:
        vm->armed = NEVER;
        break;
    case INTERRUPT | 1:
        console_pump();
        break;
    case PRIVILEGED:
        if (cpu_in_kernel(vm))
            emulate(vm, vm->tval);
        else
            cpu_trap(vm, PRIVILEGED, vm->tval);
        break;
    case FETCH_FAULT: case LOAD_FAULT: case STORE_FAULT:
        cause = shadow_fault(vm);
        if (cause != ALLOWED)
            cpu_trap(vm, cause, vm->tval);
        break;
    default:
        cpu_trap(vm, vm->cause, vm->tval);
    }
}

/* Enter a guest, and do what has to be done when it is left, after `slice` instructions at the latest. */
void guest_run(struct vm *vm, u32 slice)
{
    cpu_interrupts(vm);
    if (vm->state != READY)
        return;
    shadow_enter(vm);
    set_alarm(vm, slice);
    lines_enable(console_full() ? TIMER : TIMER | CONSOLE);
    vm_enter(vm);
    vm->time += vm->ran;
    vm->exits++;
    handle(vm);
}
