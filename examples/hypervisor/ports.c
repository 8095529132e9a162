/* ports.c: which device a port belongs to. */
#include "hypervisor.h"

/* `in`. Returns 0 if the guest has to wait. */
int port_in(struct vm *vm, u32 port, u32 *value)
{
    switch (port) {
    case CONSOLE_DATA:
        return console_take(vm, value);
    case CONSOLE_STATUS:
        *value = console_ready(vm) ? 3 : 2;
        return 1;
    case DISK_SECTOR: case DISK_ADDRESS: case DISK_COUNT: case DISK_COMMAND: case DISK_SIZE:
        *value = disk_in(&vm->disk, port);
        return 1;
    case ENTROPY:
        *value = in(ENTROPY);
        return 1;
    default:
        *value = ONES;
        return 1;
    }
}

void port_out(struct vm *vm, u32 port, u32 value)
{
    switch (port) {
    case CONSOLE_DATA:
        console_put(vm, value & 0xff);
        break;
    case CONSOLE_STATUS:
        vm->line_wanted = value & 1;
        break;
    case DISK_SECTOR: case DISK_ADDRESS: case DISK_COUNT: case DISK_COMMAND: case DISK_SIZE:
        disk_out(vm, port, value);
        break;
    case POWER:
        vm_stop(vm, value & 0xff, "off");
        break;
    }
}
