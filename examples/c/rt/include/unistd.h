/* The console as file 0, 1 and 2, the options of a command line, and time passing. What wants an operating system is not
 * there, and says so in errno. */
#ifndef _UNISTD_H
#define _UNISTD_H

#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE 30
#define _SC_NPROCESSORS_ONLN 84
#define _SC_CLK_TCK 2

extern char **environ;
extern char *optarg;
extern int optind, opterr, optopt;

int getopt(int argc, char *const argv[], const char *options);

int access(const char *path, int how);
int chdir(const char *path);
int close(int file);
int dup(int file);
int dup2(int file, int other);
int fsync(int file);
int ftruncate(int file, off_t length);
char *getcwd(char *path, size_t size);
int isatty(int file);
int link(const char *path, const char *other);
off_t lseek(int file, off_t offset, int from);
int pipe(int files[2]);
ssize_t read(int file, void *data, size_t size);
ssize_t readlink(const char *__restrict path, char *__restrict target, size_t size);
int rmdir(const char *path);
int symlink(const char *path, const char *other);
int truncate(const char *path, off_t length);
int unlink(const char *path);
ssize_t write(int file, const void *data, size_t size);

void _exit(int code) __attribute__((noreturn));
int execv(const char *path, char *const argv[]);
int execve(const char *path, char *const argv[], char *const environment[]);
int execvp(const char *file, char *const argv[]);
pid_t fork(void);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
pid_t getpid(void);
pid_t getppid(void);
int getpagesize(void);
long sysconf(int name);

unsigned sleep(unsigned seconds);
int usleep(useconds_t microseconds);

#ifdef __cplusplus
}
#endif

#endif
