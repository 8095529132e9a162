/* What newlib and picolibc want of a system: the console, memory, an end. All else fails and says so in errno. Newlib
 * calls these functions by names that begin with _, picolibc by POSIX's: both are here. */
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "../rt/include/pg32.h"

enum { CONSOLE_DATA = 0x00, POWER = 0xf0 };

#define BOTH(name) extern __typeof(name) _##name __attribute__((alias(#name)))

extern char __heap_start[], *__heap_end;
static char *end = __heap_start;

void *sbrk(ptrdiff_t more)
{
    uintptr_t at = (uintptr_t)end, room = (uintptr_t)__heap_end - at;
    if (more > 0 ? (uintptr_t)more > room : (uintptr_t)-more > at - (uintptr_t)__heap_start) {
        errno = ENOMEM;
        return (void *)-1;
    }
    end += more;
    return (void *)at;
}
BOTH(sbrk);

ssize_t write(int file, const void *data, size_t size)
{
    if (file != 1 && file != 2) {
        errno = EBADF;
        return -1;
    }
    for (size_t i = 0; i < size; i++)
        pg32_out(CONSOLE_DATA, ((const unsigned char *)data)[i]);
    return (ssize_t)size;
}
BOTH(write);

/* To the end of a line, as a terminal has it. */
ssize_t read(int file, void *data, size_t size)
{
    if (file != 0) {
        errno = EBADF;
        return -1;
    }
    size_t i = 0;
    while (i < size) {
        unsigned byte = pg32_in(CONSOLE_DATA);
        if (byte > 255)
            break;
        ((unsigned char *)data)[i++] = (unsigned char)byte;
        if (byte == '\n')
            break;
    }
    return (ssize_t)i;
}
BOTH(read);

__attribute__((noreturn)) void _exit(int code)
{
    for (;;)
        pg32_out(POWER, (uint8_t)code);
}

int isatty(int file)
{
    return file >= 0 && file <= 2;
}
BOTH(isatty);

int fstat(int file, struct stat *about)
{
    if (!isatty(file)) {
        errno = EBADF;
        return -1;
    }
    about->st_mode = S_IFCHR;
    return 0;
}
BOTH(fstat);

int close(int file)
{
    (void)file;
    return 0;
}
BOTH(close);

off_t lseek(int file, off_t offset, int from)
{
    (void)offset, (void)from;
    errno = isatty(file) ? ESPIPE : EBADF;
    return -1;
}
BOTH(lseek);

int open(const char *name, int flags, ...)
{
    (void)name, (void)flags;
    errno = ENOENT;
    return -1;
}
BOTH(open);

int unlink(const char *name)
{
    (void)name;
    errno = ENOENT;
    return -1;
}
BOTH(unlink);

pid_t getpid(void)
{
    return 1;
}
BOTH(getpid);

/* A program that kills itself, by abort() for one, ends with the signal's number. */
int kill(pid_t process, int signal)
{
    if (process != 1) {
        errno = ESRCH;
        return -1;
    }
    _exit(signal);
}
BOTH(kill);
