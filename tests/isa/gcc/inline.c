/* Inline assembly, also with comments, semicolons and local labels. */
static inline void out(unsigned port, unsigned value) { __asm__ volatile("out %0,%1" ::"r"(port), "r"(value)); }
void put(const char *s) { while (*s) out(0, *s++); }
void x(void) { __asm__ volatile("out %0,%1" ::"r"(0), "r"('x')); }
unsigned now(void)
{
    unsigned t, p;
    __asm__ volatile("rdtime %0\n\tgetpsw %1" : "=r"(t), "=r"(p));
    return t ^ p;
}
void control(unsigned a)
{
    __asm__ volatile("wrcr tvec,%0; rdcr %0, cause # comment\n1: beqz %0, 1f\n j 1b\n1:" : "+r"(a));
    __asm__ volatile("cli\n\tsti\n\ttlbflush");
}
int ask(int a)
{
    register int r __asm__("a0") = a;
    __asm__ volatile("syscall 7" : "+r"(r)::"memory");
    return r;
}
int exchange(int *p, int v)
{
    int old;
    __asm__ volatile("swap %0,%1,(%2)" : "=&r"(old) : "r"(v), "r"(p) : "memory");
    return old;
}
int third(int *p)
{
    int value;
    __asm__ volatile("lw %0,%1" : "=r"(value) : "m"(p[3]));
    return value;
}
__asm__(".globl outside\noutside:\n\tcall x\n\t.word outside, .-outside\n");
__attribute__((naked)) void bare(void) { __asm__("push ra\n\tpop ra\n\tret"); }
void barrier(void) { __sync_synchronize(); }
void bye(void) { out(0xf0, 0); __builtin_trap(); }
