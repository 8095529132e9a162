/* A jump table, computed jumps, tables of functions and of strings. */
int big(int x)
{
    switch (x) {
    case 0: return 3;
    case 1: return 8;
    case 2: return -4;
    case 3: return big(77);
    case 4: return 1000;
    case 5: return big(x - 4) + 123456;
    case 6: return 9;
    case 10: return 4;
    default: return 0;
    }
}

static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
int (*table[])(int, int) = {add, sub, 0, add};
int dispatch(int k, int a, int b) { return table[k & 3](a, b); }

const char *name(unsigned k)
{
    static const char *const names[] = {"zero", "one", "two", "three \"quoted\"\t\n", "\377\001"};
    return k < 5 ? names[k] : "many";
}

int interpret(const unsigned char *code)
{
    static void *const labels[] = {&&push, &&twice, &&stop};
    int a = 0;
    goto *labels[*code++];
push:
    a += *code++;
    goto *labels[*code++];
twice:
    a *= 2;
    goto *labels[*code++];
stop:
    return a;
}
