/* disk.c: each guest's disk is a piece of the real one. */
#include "hypervisor.h"

enum { IDLE, BUSY, ERROR };
enum { LATENCY = 1000 };                        /* virtual time from a command to its completion */

/* Have the real disk carry out a command, and wait for it. Returns its status. */
int disk_transfer(u32 command, u32 sector, void *address, u32 count)
{
    out(DISK_SECTOR, sector);
    out(DISK_ADDRESS, (u32)address);
    out(DISK_COUNT, count);
    out(DISK_COMMAND, command);
    lines_enable(DISK);
    hlt();
    out(DISK_SIZE, 0);                          /* acknowledge: the line falls */
    return in(DISK_COMMAND);
}

u32 disk_in(struct disk *disk, u32 port)
{
    switch (port) {
    case DISK_SECTOR:  return disk->sector;
    case DISK_ADDRESS: return disk->address;
    case DISK_COUNT:   return disk->count;
    case DISK_COMMAND: return disk->status;
    default:           return disk->sectors;
    }
}

void disk_out(struct vm *vm, u32 port, u32 value)
{
    struct disk *disk = &vm->disk;

    switch (port) {
    case DISK_SECTOR:  disk->sector = value; break;
    case DISK_ADDRESS: disk->address = value; break;
    case DISK_COUNT:   disk->count = value; break;
    case DISK_SIZE:    disk->done = 0; break;
    case DISK_COMMAND:
        if (disk->status == BUSY)
            break;
        disk->status = BUSY;
        disk->due = vm->time + LATENCY;
        disk->command = (struct command){value, disk->sector, disk->address, disk->count};
    }
}

/* Carry out a command within the guest's piece of the disk and the guest's memory. */
static int perform(struct vm *vm, struct command *command)
{
    struct disk *disk = &vm->disk;

    if (!disk->sectors)
        return ERROR;
    if (command->what == FLUSH)
        return disk_transfer(FLUSH, 0, 0, 0);
    if ((u64)command->sector + command->count > disk->sectors ||
        command->address + (u64)command->count * SECTOR > vm->size)
        return ERROR;
    return disk_transfer(command->what, disk->first + command->sector, vm->ram + command->address, command->count);
}

/* Carry out the guest's command if its time has come. */
void disk_advance(struct vm *vm)
{
    if (vm->time < vm->disk.due)
        return;
    vm->disk.due = NEVER;
    vm->disk.status = perform(vm, &vm->disk.command);
    vm->disk.done = 1;
}
