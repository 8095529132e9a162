/* console.c: one console for all. What a guest writes appears line by line behind its number; keys go to one of them,
 * until Ctrl-T and a digit choose another. Ctrl-T x switches the chosen one off; Ctrl-T twice is one for the guest. */
#include "hypervisor.h"

enum { KEY = 'T' & 31 };

static u32 chosen;                              /* who gets the keys */
static int key_seen;                            /* was the last one KEY? */
static int ended;                               /* has the input ended? */
static struct vm *speaker;                      /* who has written last; 0: the hypervisor */
static int in_line;                             /* is the line on the screen unfinished? */

void console_begin(void)
{
    out(CONSOLE_STATUS, 1);                     /* raise line 1 when there is input */
}

/* --- Output ---------------------------------------------------------------------------------------------------------- */

/* Write a byte of a guest's, or of the hypervisor's own (0). "0| " begins a line of guest 0, "0+ " goes on with one
 * that another has interrupted. */
void console_put(struct vm *vm, u32 byte)
{
    if (in_line && speaker != vm) {
        out(CONSOLE_DATA, '\n');
        in_line = 0;
    }
    if (!in_line && vm && vm_count > 1) {
        out(CONSOLE_DATA, '0' + vm->number);
        out(CONSOLE_DATA, vm->in_line ? '+' : '|');
        out(CONSOLE_DATA, ' ');
    }
    out(CONSOLE_DATA, byte);
    in_line = byte != '\n';
    speaker = vm;
    if (vm)
        vm->in_line = in_line;
}

/* --- Input ----------------------------------------------------------------------------------------------------------- */

static void arrive(u32 byte)
{
    struct vm *vm = &vms[chosen];

    if (byte == KEY && !key_seen) {
        key_seen = 1;
        return;
    }
    if (key_seen && byte >= '0' && byte < '0' + vm_count) {
        chosen = byte - '0';
        print("[keys to guest %u]\n", chosen);
    } else if (key_seen && byte == 'x') {
        vm_stop(vm, 130, "switched off");
    } else if (vm->state != OFF) {
        vm->queue[vm->queued++ % QUEUE] = byte;
        vm->state = READY;
    }
    key_seen = 0;
}

static void end(void)
{
    ended = 1;
    for (struct vm *vm = vms; vm != vms + vm_count; vm++)
        if (vm->state == WAITING)
            vm->state = READY;
}

/* Is there no use for more input now? Line 1 is not enabled then. */
int console_full(void)
{
    return ended || vms[chosen].queued - vms[chosen].taken == QUEUE;
}

/* Take what input there is. */
void console_pump(void)
{
    while (!console_full() && in(CONSOLE_STATUS) & 1)
        arrive(in(CONSOLE_DATA));
}

/* Every guest waits for input: so does the machine. Only this read tells that the input has ended. */
void console_wait(void)
{
    u32 byte = in(CONSOLE_DATA);

    if (byte == ONES)
        end();
    else
        arrive(byte);
}

int console_ready(struct vm *vm)
{
    if (vm->queued == vm->taken)
        console_pump();
    return vm->queued != vm->taken;
}

/* The guest waits for input. Returns 0 if there will be none. */
int console_await(struct vm *vm)
{
    if (!ended)
        vm->state = WAITING;
    return !ended;
}

/* The next byte for a guest, or all ones at the end. Returns 0 if it has to wait. */
int console_take(struct vm *vm, u32 *byte)
{
    if (console_ready(vm))
        *byte = vm->queue[vm->taken++ % QUEUE];
    else if (console_await(vm))
        return 0;
    else
        *byte = ONES;
    return 1;
}

/* A guest has ended. If it had the keys, they are for the next one that has not. */
void console_leave(struct vm *vm)
{
    for (u32 n = 1; n < vm_count && vms[chosen].state == OFF; n++)
        chosen = (vm->number + n) % vm_count;
}
