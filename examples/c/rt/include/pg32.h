/* What PG32 has and RISC-V has not, for C: ports and control registers (docs/pg32.md). What is compiled for ring1's own
 * assembler names the instructions; GNU's is given their numbers, from which ring1 makes PG32's (isa/elf/rv32em.isa). */
#ifndef _PG32_H
#define _PG32_H

enum {
    PG32_tvec, PG32_epc, PG32_cause, PG32_tval, PG32_scratch, PG32_ie, PG32_ip, PG32_time, PG32_timeh, PG32_timecmp,
    PG32_timecmph, PG32_vmid
};

#ifdef __PG32__
#define __PG32_DO(own, number) own
#define pg32_rdcr(name) ({ unsigned __v; __asm__ volatile("rdcr %0, " #name : "=r"(__v)); __v; })
#define pg32_wrcr(name, value) __asm__ volatile("wrcr " #name ", %0" : : "r"((unsigned)(value)) : "memory")
#else
#define __PG32_DO(own, number) number
#define pg32_rdcr(name) \
    ({ unsigned __v; __asm__ volatile(".insn i 0x0b, 1, %0, x0, %1" : "=r"(__v) : "i"(PG32_##name)); __v; })
#define pg32_wrcr(name, value) \
    __asm__ volatile(".insn i 0x0b, 2, x0, %0, %1" : : "r"((unsigned)(value)), "i"(PG32_##name) : "memory")
#endif

/* Wait until an interrupt line that is enabled is pending; if that is the timer's, virtual time moves on to it. */
static inline void pg32_hlt(void)
{
    __asm__ volatile(__PG32_DO("hlt", ".insn r 0x0b, 0, 7, x0, x0, x0") : : : "memory");
}

static inline void pg32_out(unsigned port, unsigned value)
{
    __asm__ volatile(__PG32_DO("out %0, %1", ".insn r 0x0b, 0, 2, x0, %0, %1") : : "r"(port), "r"(value) : "memory");
}

static inline unsigned pg32_in(unsigned port)
{
    unsigned value;
    __asm__ volatile(__PG32_DO("in %0, %1", ".insn r 0x0b, 0, 1, %0, %1, x0") : "=r"(value) : "r"(port) : "memory");
    return value;
}

#endif
