/* main.c: from boot to the end of the last guest. */
#include "hypervisor.h"

enum { SLICE = 100000 };                        /* real time that a guest has, if there are others */

struct vm vms[MOST_VMS];
u32 vm_count;
u32 lines_enabled;

static u8 *memory, *memory_end;                 /* what nobody has been given yet */

/* --- Boot ------------------------------------------------------------------------------------------------------------ */

/* What sector 0 of the disk says of the guests; image.py writes it. */
static struct plan {
    u32 magic, count;
    struct {
        u32 memory;                             /* bytes */
        u32 kernel, kernel_sectors, entry;      /* where its image lies, and where it begins once loaded at 0 */
        u32 disk, disk_sectors;
    } guest[MOST_VMS];
    u8 rest[SECTOR - 8 - 24 * MOST_VMS];
} plan;
enum { MAGIC = 0x56483152 };                    /* "R1HV" */

/* Pages of memory, zeros, for ever. */
void *pages(u32 count)
{
    u8 *got = memory;

    if (memory > memory_end || count > (u32)(memory_end - memory) / PAGE)
        panic("not enough memory for the guests");
    memory += count * PAGE;
    return got;
}

static void load(struct vm *vm, u32 number)
{
    vm->number = number;
    vm->size = plan.guest[number].memory & FRAME;
    vm->ram = pages(vm->size / PAGE);
    vm->queue = pages(QUEUE / PAGE);
    guest_new(vm, plan.guest[number].entry);
    vm->disk.first = plan.guest[number].disk;
    vm->disk.sectors = plan.guest[number].disk_sectors;
    if (plan.guest[number].kernel_sectors > vm->size / SECTOR)
        panic("a guest's kernel is larger than its memory");
    if (disk_transfer(READ, plan.guest[number].kernel, vm->ram, plan.guest[number].kernel_sectors))
        panic("a guest's kernel cannot be read");
}

/* --- Running --------------------------------------------------------------------------------------------------------- */

/* Enable these of the real interrupt lines, for guests to be interrupted by, or to wait for. */
void lines_enable(u32 lines)
{
    if (lines != lines_enabled)
        wrcr(ie, lines);
    lines_enabled = lines;
}

/* Is there another guest that could run? */
static int others(struct vm *vm)
{
    for (struct vm *other = vms; other != vms + vm_count; other++)
        if (other != vm && other->state == READY)
            return 1;
    return 0;
}

/* Run a guest until it waits, ends, or has had its slice. */
static void run(struct vm *vm)
{
    u32 began = rdcr(time), used = 0;
    int shared = others(vm);

    vm->armed = NEVER;
    while (vm->state == READY && (used < SLICE || !shared)) {
        disk_advance(vm);
        guest_run(vm, shared ? SLICE - used : ONES);
        used = vm->ended - began;
        if (shared != others(vm)) {
            shared = !shared;
            vm->armed = NEVER;                  /* from now on the slice ends, or has no end */
        }
    }
}

/* A guest has switched itself off, or cannot go on. */
void vm_stop(struct vm *vm, u32 code, const char *why)
{
    if (vm->state == OFF)
        return;
    vm->state = OFF;
    vm->code = code;
    vm->why = why;
    console_leave(vm);
}

static void report(struct vm *vm)
{
    if (vm->why)
        print("[guest %u: %s, code %u, %U instructions, %u exits, pc %x]\n", vm->number, vm->why, vm->code,
              vm->time - vm->skipped, vm->exits, vm->pc);
    vm->why = 0;
}

/* Round robin, until all guests have ended. */
static void schedule(void)
{
    for (;;) {
        int waiting = 0, ran = 0;

        for (struct vm *vm = vms; vm != vms + vm_count; vm++) {
            if (vm->state == READY) {
                run(vm);
                ran = 1;
            }
            waiting |= vm->state == WAITING;
            report(vm);
        }
        if (!ran && !waiting)
            return;
        if (!ran)
            console_wait();
    }
}

void main(u32 ram)
{
    extern char image_end[];
    u32 code = 0;

    memory = (u8 *)(((u32)image_end + PAGE - 1) & FRAME);
    memory_end = guest_begin((u8 *)ram);
    if (disk_transfer(READ, 0, &plan, 1) || plan.magic != MAGIC || plan.count > MOST_VMS)
        panic("the disk does not say which guests there are");
    vm_count = plan.count;
    for (u32 n = 0; n < vm_count; n++)
        load(&vms[n], n);
    console_begin();
    schedule();
    for (u32 n = 0; n < vm_count && !code; n++)
        code = vms[n].code;
    for (;;)
        out(POWER, code);
}
