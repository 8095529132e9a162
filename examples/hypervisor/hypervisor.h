/* hypervisor.h: what a virtual machine is, and who does what with it. README.md says where to begin to read. */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

enum { PAGE = 4096, SECTOR = 512, MOST_VMS = 8, ONES = 0xffffffff };
#define NEVER (~0ull)

/* --- The machine: docs/pg32.md --------------------------------------------------------------------------------- */

enum { RING = 3, IE = 1 << 2, PRING = 3 << 3, PIE = 1 << 5, PSW = 0xff3f };     /* psw, and all bits that it has */
enum { USER = 3 };                                                              /* the ring of programs */
enum { EN = 1, ASID = 0xff << 1, PTB = 0xfffff1ff };                            /* ptb */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128, FRAME = 0xfffff000 };       /* entries of page tables */
enum { TIMER = 1, CONSOLE = 2, DISK = 4, SOFTWARE = 8 };                        /* interrupt lines, as bits */

enum cause {
    ILLEGAL, PRIVILEGED, BREAKPOINT, SYSCALL, DIVZERO, FETCH_FAULT, LOAD_FAULT, STORE_FAULT, MISALIGNED, BUS_ERROR,
    INTERRUPT = 0x80000000
};

enum control { TVEC, EPC, CAUSE, TVAL, SCRATCH, LINES, PENDING, TIME, TIMEH, TIMECMP, TIMECMPH, VMID, CONTROLS };

enum port {
    CONSOLE_DATA = 0x00, CONSOLE_STATUS = 0x01, DISK_SECTOR = 0x10, DISK_ADDRESS, DISK_COUNT, DISK_COMMAND, DISK_SIZE,
    ENTROPY = 0x20, POWER = 0xf0
};

enum {                                          /* opcodes of instructions that lead to the hypervisor */
    OP_RDTIME = 0x73, OP_IN = 0x80, OP_OUT, OP_SETPTB, OP_TLBFLUSH, OP_RDCR, OP_WRCR, OP_CLI, OP_STI, OP_HLT, OP_RFE,
    OP_GETPSW = 0x90, OP_SETPSW, OP_GETPTB, OP_LRA, OP_JRU,
    OP_VMREAD = 0xa0, OP_VMWRITE, OP_VMLAUNCH, OP_VMRESUME, OP_VMCLEAR, OP_VMPTRLD, OP_INVEPT
};

static inline u32 in(u32 port) { u32 v; asm volatile("in %0, %1" : "=r"(v) : "r"(port) : "memory"); return v; }
static inline void out(u32 port, u32 v) { asm volatile("out %0, %1" : : "r"(port), "r"(v) : "memory"); }
static inline void hlt(void) { asm volatile("hlt" : : : "memory"); }
static inline void tlbflush(void) { asm volatile("tlbflush" : : : "memory"); }
#define rdcr(name) ({ u32 value_; asm volatile("rdcr %0, " #name : "=r"(value_)); value_; })
#define wrcr(name, value) asm volatile("wrcr " #name ", %0" : : "r"(value) : "memory")

/* --- A virtual machine ------------------------------------------------------------------------------------------- */

enum state { READY, WAITING, OFF };             /* WAITING for input */

/* A virtual address space: the guest's ptb, and the root of the shadow page table for its kernel (0) and for its
 * programs (1); 0 where there is none yet. */
struct space { u32 ptb, root[2]; };
enum { SPACES = 8, TABLES = 64 };

struct disk {
    u32 first, sectors;                         /* the piece of the real disk that it is */
    u32 sector, address, count;                 /* its ports */
    struct command { u32 what, sector, address, count; } command;       /* given at last */
    u32 status;
    u32 done;                                   /* is line 2 up? */
    u64 due;                                    /* virtual time at which the command is carried out; NEVER if none */
};

enum { QUEUE = 4096 };

struct vm {
    /* What enter.s loads into the processor and stores from it; it knows these offsets. */
    u32 reg[16];
    u32 pc;
    u32 table;                                  /* the real ptb */
    u32 window;                                 /* the page by which the guest is entered and left: see shadow.c */
    u32 alarm;                                  /* if not 0, instructions until the real timer is to ring */
    u32 began, ended;                           /* real time, low word, when it was entered and left */
    u32 ran;                                    /* instructions that it has retired in between */
    u32 cause, tval;                            /* why it was left */

    /* The virtual CPU, but for registers and pc */
    u32 psw, ptb;
    u32 control[CONTROLS];                      /* PENDING has the software line, TIME and TIMEH nothing */
    u64 time;                                   /* virtual time: what it has retired, and what `hlt` has skipped */
    u64 skipped;
    u64 armed;                                  /* virtual time before which the real timer is sure to ring */

    /* Memory */
    u8 *ram;
    u32 size;
    struct space spaces[SPACES], *space;        /* `space` is the one in use; 0: to be found */
    u8 *tables;                                 /* TABLES pages for shadow page tables */
    u32 tables_used;
    struct vt *vt;                              /* what the back end vt.c has of it */

    /* Devices */
    struct disk disk;
    u8 *queue;                                  /* input that the guest has not read yet */
    u32 queued, taken;                          /* bytes put there and taken, since ever */
    u32 line_wanted;                            /* has the guest enabled line 1? */
    int in_line;                                /* has it begun a line of output, and not ended it? */

    u32 number, exits;                          /* how often it was left */
    enum state state;
    u32 code;                                   /* once it is OFF: the exit code */
    const char *why;                            /* and what has happened, until that is reported */
};

/* main.c */
extern struct vm vms[MOST_VMS];
extern u32 vm_count;
void *pages(u32 count);
extern u32 lines_enabled;
void lines_enable(u32 lines);
void vm_stop(struct vm *vm, u32 code, const char *why);

/* The back end: trap.c, with enter.s, shadow.c, sensitive.c; or vt.c, with vtenter.s, nested.c */
u8 *guest_begin(u8 *end);
void guest_new(struct vm *vm, u32 entry);
void guest_run(struct vm *vm, u32 slice);
enum { NOWHERE = 1 };                           /* no pc */
u32 emulate_other(struct vm *vm, u32 word, u32 next);

/* enter.s */
void vm_enter(struct vm *vm);

/* cpu.c */
void cpu_reset(struct vm *vm, u32 entry);
void cpu_trap(struct vm *vm, u32 cause, u32 tval);
u32 cpu_noticed(struct vm *vm);
u32 cpu_pending(struct vm *vm);
void cpu_interrupts(struct vm *vm);
u64 cpu_event(struct vm *vm, u32 enabled);
int cpu_wait(struct vm *vm);
int cpu_in_kernel(struct vm *vm);

/* emulate.c */
void emulate_one(struct vm *vm, u32 word);

/* sensitive.c */
void emulate(struct vm *vm, u32 word);

/* shadow.c */
enum { ALLOWED = -1, WINDOWS = 4 };
void shadow_begin(char *windows);
void shadow_enter(struct vm *vm);
void shadow_drop(struct vm *vm);
int shadow_fault(struct vm *vm);
u32 shadow_physical(struct vm *vm, u32 address);
u32 shadow_instruction(struct vm *vm);

/* ports.c */
int port_in(struct vm *vm, u32 port, u32 *value);
void port_out(struct vm *vm, u32 port, u32 value);

/* console.c */
void console_begin(void);
void console_pump(void);
void console_wait(void);
int console_full(void);
int console_ready(struct vm *vm);
int console_await(struct vm *vm);
int console_take(struct vm *vm, u32 *byte);
void console_put(struct vm *vm, u32 byte);
void console_leave(struct vm *vm);

/* disk.c */
enum { READ = 1, WRITE, FLUSH };              /* commands */
int disk_transfer(u32 command, u32 sector, void *address, u32 count);
u32 disk_in(struct disk *disk, u32 port);
void disk_out(struct vm *vm, u32 port, u32 value);
void disk_advance(struct vm *vm);

/* print.c */
void print(const char *format, ...);            /* %s, %u, %x, %U (64 bits) */
void panic(const char *why) __attribute__((noreturn));

#endif
