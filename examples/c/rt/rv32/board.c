/* The board's devices: a UART of the kind 16550A, the test finisher, CLINT and PLIC. Where they are is said by who links:
 * a device that the board has not is at address 0. */
#include "../rt.h"

extern volatile uint8_t __uart[];
extern volatile uint32_t __finisher[], __clint[], __plic[];
extern uint8_t __uart_source[]; /* its number, as an address */

enum { DATA, ENABLE, LINE_STATUS = 5, MODEM_STATUS = 6 };
enum { RECEIVED = 1, CARRIER_CHANGED = 8, READY = 1, CARRIER = 0x80 };
enum { FAIL = 0x3333, PASS = 0x5555 };
enum { PLIC_ENABLE = 0x2000 / 4, MTIMECMP = 0x4000 / 4 };
enum { MTIE = 0x80, MEIE = 0x800 };

void out(uint32_t port, uint32_t value)
{
    if (port == CONSOLE_DATA)
        __uart[DATA] = (uint8_t)value;
    else if (port == POWER)
        __finisher[0] = (value & 0xff) ? value << 16 | FAIL : PASS;
}

/* Halt until an interrupt is pending that is among these of mie; none is taken, as mstatus.MIE is 0. */
static void wait_for(uint32_t interrupts)
{
    __asm__ volatile("csrs mie, %0\n\twfi\n\tcsrc mie, %0" : : "r"(interrupts) : "memory");
}

/* Wait until the UART has something to tell. */
static void wait_for_uart(void)
{
    uint32_t source = (uint32_t)__uart_source;
    if (!source)
        return;
    __plic[source] = 1;
    __plic[PLIC_ENABLE + source / 32] = 1u << source % 32;
    __uart[ENABLE] = RECEIVED | CARRIER_CHANGED;
    wait_for(MEIE);
    __uart[ENABLE] = 0;
}

/* The next byte of the input, which ends where the carrier is lost. */
uint32_t in(uint32_t port)
{
    if (port != CONSOLE_DATA)
        return ~0u;
    while (!(__uart[LINE_STATUS] & READY)) {
        if (!(__uart[MODEM_STATUS] & CARRIER))
            return ~0u;
        wait_for_uart();
    }
    return __uart[DATA];
}

void __wait_until(uint64_t time)
{
    volatile uint32_t *compare = __clint + MTIMECMP;
    compare[0] = ~0u; /* never earlier than it is told */
    compare[1] = (uint32_t)(time >> 32);
    compare[0] = (uint32_t)time;
    wait_for(MTIE);
    compare[1] = ~0u;
}
