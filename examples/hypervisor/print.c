/* print.c: what the hypervisor says itself. */
#include "hypervisor.h"
#include <stdarg.h>

static void put_string(const char *text)
{
    while (*text)
        console_put(0, *text++);
}

static void put_number(u32 high, u32 low)
{
    char digits[21], *at = digits + 20;

    *at = 0;
    do {                                        /* divide by ten, 16 bits at a time */
        u32 rest = high % 10, part;

        high /= 10;
        part = rest << 16 | low >> 16;
        rest = part % 10 << 16 | (low & 0xffff);
        low = part / 10 << 16 | rest / 10;
        *--at = '0' + rest % 10;
    } while (high | low);
    put_string(at);
}

static void put_hex(u32 number)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        console_put(0, "0123456789abcdef"[number >> shift & 15]);
}

void print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    for (; *format; format++) {
        if (*format != '%') {
            console_put(0, *format);
            continue;
        }
        switch (*++format) {
        case 's': put_string(va_arg(arguments, const char *)); break;
        case 'u': put_number(0, va_arg(arguments, u32)); break;
        case 'x': put_hex(va_arg(arguments, u32)); break;
        case 'U': {
            u64 number = va_arg(arguments, u64);

            put_number(number >> 32, number);
        }
        }
    }
    va_end(arguments);
}

/* The hypervisor cannot go on. */
void panic(const char *why)
{
    print("hypervisor: %s\n", why);
    for (;;)
        out(POWER, 99);
}

/* enter.s: a trap outside of any guest. */
void hypervisor_trapped(void)
{
    print("hypervisor: trap %x at %x, %x\n", rdcr(cause), rdcr(epc), rdcr(tval));
    panic("a mistake of its own");
}
