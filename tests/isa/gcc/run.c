/* A program: what it prints is computed again in test_gcc_output.py. */
static inline void out(unsigned port, unsigned value) { __asm__ volatile("out %0,%1" ::"r"(port), "r"(value)); }
static void print(const char *s) { while (*s) out(0, *s++); }
static void number(unsigned x)
{
    char text[12];
    int i = 12;
    text[--i] = 0;
    do text[--i] = '0' + x % 10; while (x /= 10);
    print(text + i);
    print("\n");
}
int big(int);
const char *name(unsigned);
int dispatch(int, int, int);
int interpret(const unsigned char *);
int t1(int), scale(int), call(int), dollar$name(void);
static unsigned squares[1000];
int main(void)
{
    for (int i = -1; i < 12; i++)
        number(big(i));
    print(name(2));
    print(name(3));
    print(name(9));
    number(dispatch(0, 3, 4) * dispatch(1, 5, -6) + dispatch(3, 1, 1));
    number(interpret((const unsigned char *)"\0\5\1\0\7\1\2"));
    number(t1(100));
    number(scale(6));
    number(call(1));
    dollar$name();
    number(dollar$name());
    unsigned s = 0;
    for (int i = 0; i < 1000; i++)
        squares[i] = i * i;
    for (int i = 0; i < 1000; i++)
        s += squares[i];
    number(s);
    return s % 100;
}
