/* POSIX without a system: the console as files 0, 1 and 2; all else is not there, and errno says so. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "rt.h"

enum { FILES = 3, PAGE = 4096, ONLY = 1 };

static int fails(int why)
{
    errno = why;
    return -1;
}

static int console(int file)
{
    return file >= 0 && file < FILES ? 0 : fails(EBADF);
}

/* A line at a time, as a terminal has them. */
ssize_t read(int file, void *data, size_t size)
{
    unsigned char *to = data;
    size_t count = 0;
    if (console(file))
        return -1;
    while (count < size) {
        uint32_t byte = in(CONSOLE_DATA);
        if (byte > 255)
            break;
        to[count++] = (unsigned char)byte;
        if (byte == '\n')
            break;
    }
    return (ssize_t)count;
}

ssize_t write(int file, const void *data, size_t size)
{
    const unsigned char *from = data;
    if (console(file))
        return -1;
    for (size_t i = 0; i < size; i++)
        out(CONSOLE_DATA, from[i]);
    return (ssize_t)size;
}

int isatty(int file)
{
    return console(file) == 0;
}

int fstat(int file, struct stat *about)
{
    if (console(file))
        return -1;
    memset(about, 0, sizeof *about);
    about->st_mode = S_IFCHR | S_IRUSR | S_IWUSR;
    about->st_nlink = 1;
    about->st_blksize = 1;
    return 0;
}

int close(int file) { return console(file); }
int fsync(int file) { return console(file) ? -1 : fails(EINVAL); }
int dup(int file) { return console(file) ? -1 : fails(EMFILE); }
int dup2(int file, int other) { return console(file) ? -1 : file == other ? other : fails(EBADF); }
off_t lseek(int file, off_t offset, int from) { return (void)offset, (void)from, console(file) ? -1 : fails(ESPIPE); }
int ftruncate(int file, off_t length) { return (void)length, console(file) ? -1 : fails(EINVAL); }

int fcntl(int file, int command, ...)
{
    if (console(file))
        return -1;
    return command == F_GETFL ? O_RDWR : command == F_GETFD || command == F_SETFD ? 0 : fails(EINVAL);
}

/* --- Names: nothing has one --- */

static int no_file(const char *path)
{
    return fails(*path ? ENOENT : EINVAL);
}

static int read_only(const char *path)
{
    return fails(*path ? EROFS : ENOENT);
}

int open(const char *path, int flags, ...) { return flags & O_CREAT ? read_only(path) : no_file(path); }
int creat(const char *path, mode_t mode) { return (void)mode, read_only(path); }
int access(const char *path, int how) { return (void)how, no_file(path); }
int chdir(const char *path) { return no_file(path); }
int chmod(const char *path, mode_t mode) { return (void)mode, no_file(path); }
int link(const char *path, const char *other) { return (void)other, no_file(path); }
int lstat(const char *restrict path, struct stat *restrict about) { return (void)about, no_file(path); }
int mkdir(const char *path, mode_t mode) { return (void)mode, read_only(path); }
int rmdir(const char *path) { return no_file(path); }
int stat(const char *restrict path, struct stat *restrict about) { return (void)about, no_file(path); }
int symlink(const char *path, const char *other) { return (void)path, read_only(other); }
int truncate(const char *path, off_t length) { return (void)length, no_file(path); }
int unlink(const char *path) { return no_file(path); }

ssize_t readlink(const char *restrict path, char *restrict target, size_t size)
{
    (void)target;
    (void)size;
    return no_file(path);
}

char *getcwd(char *path, size_t size)
{
    if (!path || !size) {
        errno = EINVAL;
        return NULL;
    }
    if (size < 2) {
        errno = ERANGE;
        return NULL;
    }
    return strcpy(path, "/");
}

mode_t umask(mode_t mask)
{
    static mode_t present = 022;
    mode_t before = present;
    present = mask & 0777;
    return before;
}

/* --- Processes: there is one --- */

static int no_others(void)
{
    return fails(ENOSYS);
}

int execv(const char *path, char *const argv[]) { return (void)argv, no_file(path); }
int execve(const char *path, char *const argv[], char *const environment[])
{
    return (void)argv, (void)environment, no_file(path);
}
int execvp(const char *file, char *const argv[]) { return (void)argv, no_file(file); }
pid_t fork(void) { return no_others(); }
int pipe(int files[2]) { return (void)files, no_others(); }
pid_t getpid(void) { return ONLY; }
pid_t getppid(void) { return 0; }
uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
int getpagesize(void) { return PAGE; }

long sysconf(int name)
{
    return name == _SC_PAGESIZE ? PAGE : name == _SC_NPROCESSORS_ONLN ? 1 : name == _SC_CLK_TCK ? 100 : fails(EINVAL);
}
