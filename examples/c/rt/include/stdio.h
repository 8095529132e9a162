/* The console as three streams, and formatted text. There are no files: fopen() finds none. */
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct __stream FILE;
typedef long fpos_t;

extern FILE *const stdin, *const stdout, *const stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr

#define EOF (-1)
#define BUFSIZ 512
#define FILENAME_MAX 256
#define FOPEN_MAX 3
#define L_tmpnam 16
#define TMP_MAX 17576
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

int fgetc(FILE *stream);
char *fgets(char *__restrict line, int size, FILE *__restrict stream);
size_t fread(void *__restrict memory, size_t size, size_t count, FILE *__restrict stream);
int getc(FILE *stream);
int getchar(void);
long getdelim(char **__restrict line, size_t *__restrict size, int end, FILE *__restrict stream);
long getline(char **__restrict line, size_t *__restrict size, FILE *__restrict stream);
int ungetc(int c, FILE *stream);

int fputc(int c, FILE *stream);
int fputs(const char *__restrict string, FILE *__restrict stream);
size_t fwrite(const void *__restrict memory, size_t size, size_t count, FILE *__restrict stream);
int putc(int c, FILE *stream);
int putchar(int c);
int puts(const char *string);
void perror(const char *prefix);

int fprintf(FILE *__restrict stream, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int printf(const char *__restrict format, ...) __attribute__((format(printf, 1, 2)));
int snprintf(char *__restrict target, size_t size, const char *__restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int sprintf(char *__restrict target, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int asprintf(char **__restrict target, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int dprintf(int handle, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int vfprintf(FILE *__restrict stream, const char *__restrict format, va_list arguments);
int vprintf(const char *__restrict format, va_list arguments);
int vsnprintf(char *__restrict target, size_t size, const char *__restrict format, va_list arguments);
int vsprintf(char *__restrict target, const char *__restrict format, va_list arguments);
int vasprintf(char **__restrict target, const char *__restrict format, va_list arguments);

int fscanf(FILE *__restrict stream, const char *__restrict format, ...) __attribute__((format(scanf, 2, 3)));
int scanf(const char *__restrict format, ...) __attribute__((format(scanf, 1, 2)));
int sscanf(const char *__restrict text, const char *__restrict format, ...) __attribute__((format(scanf, 2, 3)));
int vfscanf(FILE *__restrict stream, const char *__restrict format, va_list arguments);
int vscanf(const char *__restrict format, va_list arguments);
int vsscanf(const char *__restrict text, const char *__restrict format, va_list arguments);

#define getc_unlocked(stream) getc(stream)
#define getchar_unlocked() getchar()
#define putc_unlocked(c, stream) putc(c, stream)
#define putchar_unlocked(c) putchar(c)

void clearerr(FILE *stream);
int fclose(FILE *stream);
int feof(FILE *stream);
int ferror(FILE *stream);
int fflush(FILE *stream);
int fileno(FILE *stream);
FILE *fopen(const char *__restrict name, const char *__restrict mode);
FILE *freopen(const char *__restrict name, const char *__restrict mode, FILE *__restrict stream);
int fseek(FILE *stream, long offset, int from);
long ftell(FILE *stream);
void rewind(FILE *stream);
int remove(const char *name);
int rename(const char *from, const char *to);
FILE *fdopen(int handle, const char *mode);
int fgetpos(FILE *__restrict stream, fpos_t *__restrict position);
int fsetpos(FILE *stream, const fpos_t *position);
int fseeko(FILE *stream, off_t offset, int from);
off_t ftello(FILE *stream);
int pclose(FILE *stream);
FILE *popen(const char *command, const char *mode);
FILE *tmpfile(void);
char *tmpnam(char *name);
void setbuf(FILE *__restrict stream, char *__restrict buffer);
int setvbuf(FILE *__restrict stream, char *__restrict buffer, int mode, size_t size);

#ifdef __cplusplus
}
#endif

#endif
