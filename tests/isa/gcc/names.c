/* C may call things like registers, instructions and modifiers. */
int s1 = 1, t0, a0 = 5, ra, sp, gp = 3, zero, fp, s0 = 9, a5, r1 = 4;
int t1(int t2) { return t2 + s1 + t0 + a0 + ra + sp + gp + zero + fp + s0 + a5 + r1; }
int hi = 4, lo = 5;
int scale(int a) { return a * hi + lo; }
int add[4], *nop = &a0;
int (*li)(int) = t1;
void j(void) { ra = t1(sp); }
int call(int x) { j(); return add[x] + *nop + li(add[x + 1]); }
static int counter(void) { static int count; return ++count; }
int dollar$name(void) { static int count; return count += counter(); }
