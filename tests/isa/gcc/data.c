/* Structures, bit fields, pointers into data, strings with everything, alignment, long long, weak symbols. */
struct P { char c; short s; int i; struct { unsigned a : 3, b : 13, c : 16; } bits; char name[7]; };
struct P one = {'x', -2, 0x7fffffff, {1, 2, 3}, "abcdef"}, many[3];
static struct P own[2] = {{1}, {2}};
int *pi = &one.i;
short *ps = &many[2].s;
char *end = (char *)(many + 3);
long long big = -5;
unsigned long long top = 0x8000000000000001ULL;
const char text[] = "tab\t nl\n q\" bs\\ bell\a nul\0x oct\177 \x1b[0m ; # // /* */ ' {x} %d \\n";
const unsigned short wide[] = u"wide";
__attribute__((aligned(64))) char aligned[3] = {1};
char buffer[5000];
__attribute__((section(".mydata"))) int placed = 4;
__attribute__((section(".text.hot"))) int hot(int x) { return x + placed; }
__attribute__((weak)) int weak_one(void) { return 1; }
int also(void) __attribute__((alias("weak_one")));
extern int nobody __attribute__((weak));
int *maybe = &nobody;
struct P give(int x) { struct P p = one; p.i = x; p.bits.b = x; own[1] = p; return p; }
int sum(const struct P *p, unsigned n)
{
    int s = 0;
    for (unsigned i = 0; i < n; i++)
        s += p[i].i + p[i].bits.b + p[i].name[i % 7] + many[i].c;
    return s + buffer[4999] + own[0].c;
}
