/* vt.h: VT as docs/vt.md has it: fields of a VMCS, controls, exits; and what the back end has of a guest. */
#ifndef VT_H
#define VT_H

#include "hypervisor.h"

enum field {
    VPID = 0x0000, NESTED_TABLE = 0x201a, PIN = 0x4000, PRIMARY = 0x4002, EXCEPTIONS = 0x4004, ON_EXIT = 0x400c,
    ON_ENTRY = 0x4012, ENTRY_EVENT = 0x4016, ENTRY_VALUE = 0x4018, SECONDARY = 0x401e, READS = 0x4030, WRITES = 0x4032,
    PHYSICAL = 0x2400, ERROR = 0x4400, REASON = 0x4402, EXIT_EVENT = 0x4404, EXIT_VALUE = 0x4406, LENGTH = 0x440c,
    INSTRUCTION = 0x440e, QUALIFICATION = 0x6400, LINEAR = 0x640a, LEFT = 0x482e,
    GUEST = 0x6800, OWN = 0x6c00                /* and twice the number of a register, of those below */
};
enum vt_register {                              /* bits of READS and WRITES as well */
    R_PSW, R_PTB, R_CONTROL, R_TVEC = R_CONTROL, R_EPC, R_CAUSE, R_TVAL, R_SCRATCH, R_LINES, R_PENDING, R_TIME, R_TIMEH,
    R_TIMECMP, R_TIMECMPH, R_VMID, R_PC, REGISTERS
};
enum {
    WITH_TIMER = 1 << 6, SAVES_TIMER = 1 << 22,
    WINDOW = 1 << 2, HLTS = 1 << 7, FLUSHES = 1 << 9, TIMES = 1 << 12, PORTS = 1 << 24, SECOND = 1u << 31,
    NESTED = 1 << 1, TAGGED = 1 << 5,
    LEAF = 8, ALL = 7, RESERVED = 0xf00,        /* entries of second page tables; ALL: may be read, written, executed */
    EVENT = 1u << 31
};
enum reason {
    EXCEPTION, EXTERNAL, TRIPLE, WINDOW_OPEN = 7, HLT = 12, FLUSHED = 14, VMCLEAR = 19, VMLAUNCH, VMPTRLD, VMREAD = 23,
    VMRESUME, VMWRITE, TIME_READ = 16, CONTROL_USED = 28, IO = 30, INVALID = 33, VIOLATION = 48, MISCONFIGURED, INVEPT,
    TIMER_OUT = 52, ENTRY_FAILED = 0x80000000
};

/* Registers that are the hypervisor's business: lines and time. A guest that reads or writes them exits. */
enum {
    READ_BY_US = 1 << R_LINES | 1 << R_PENDING | 1 << R_TIME | 1 << R_TIMEH | 1 << R_TIMECMP | 1 << R_TIMECMPH,
    WRITTEN_BY_US = 1 << R_LINES | 1 << R_PENDING | 1 << R_TIMECMP | 1 << R_TIMECMPH
};

/* A VMCS, and what is known to be in its controls and host state. */
struct vmcs {
    u32 *page;
    u32 launched;
    u32 known[512];
};

enum { ABSENT = 0xffc00000 };                   /* physical addresses, 4 MiB, that no machine of ours has */
enum { ROOTS = 8 };

struct vt {
    struct vmcs own, inner, *now;               /* for the guest; for its guest (nested.c); the one that it runs by */
    u32 root;                                   /* of the guest's second page tables */

    /* The guest as a hypervisor: nested.c */
    u32 pointer;                                /* the guest-physical address of its current VMCS; ONES: none */
    struct {                                    /* what it has entered its guest by, as VMCS12 may be written to since */
        u32 primary, secondary, leaving, reads, writes, table;
        u32 ie, ip;                             /* its own lines */
        u64 timecmp;
        u64 alarm;                              /* virtual time at which its preemption timer rings */
    } by;
    u32 injecting;                              /* it enters its guest with an event, which has not been delivered */
    struct { u32 outer, root; } merged[ROOTS];  /* root of the guest's tables -> root of what becomes of them */
};

static inline void invept(void) { asm volatile("invept" : : : "memory"); }

/* Where a field is in the page of its VMCS, in words: the machine promises it (isa/pg32x.isa). */
static inline u32 place(u32 field)
{
    return (field >> 10 & 3) << 7 | (field >> 13 & 3) << 5 | (field >> 1 & 31);
}

/* A field of the guest's current VMCS, VMCS12. */
static inline u32 *word12(struct vm *vm, u32 field)
{
    return (u32 *)(vm->ram + vm->vt->pointer) + place(field);
}

static inline u32 get12(struct vm *vm, u32 field)
{
    return *word12(vm, field);
}

/* vt.c */
u32 get(struct vm *vm, u32 field);
void set(struct vm *vm, u32 field, u32 value);
void use(struct vm *vm, struct vmcs *vmcs);
void vmcs_new(struct vmcs *vmcs, u32 root);

/* merged.c */
void merged_drop(struct vm *vm);
u32 merged_root(struct vm *vm, u32 outer);
u32 merged_fault(struct vm *vm);

/* nested.c */
void nested_new(struct vm *vm);
int nested_inside(struct vm *vm);
int nested_left(struct vm *vm);
void nested_due(struct vm *vm);
u64 nested_event(struct vm *vm);

#endif
