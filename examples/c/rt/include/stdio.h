/* The console as three streams, and formatted text. There are no files: fopen() finds none. */
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>

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
#define TMP_MAX 1
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

int fgetc(FILE *stream);
char *fgets(char *restrict line, int size, FILE *restrict stream);
size_t fread(void *restrict memory, size_t size, size_t count, FILE *restrict stream);
int getc(FILE *stream);
int getchar(void);
long getline(char **restrict line, size_t *restrict size, FILE *restrict stream);
int ungetc(int c, FILE *stream);

int fputc(int c, FILE *stream);
int fputs(const char *restrict string, FILE *restrict stream);
size_t fwrite(const void *restrict memory, size_t size, size_t count, FILE *restrict stream);
int putc(int c, FILE *stream);
int putchar(int c);
int puts(const char *string);
void perror(const char *prefix);

int fprintf(FILE *restrict stream, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int printf(const char *restrict format, ...) __attribute__((format(printf, 1, 2)));
int snprintf(char *restrict target, size_t size, const char *restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int sprintf(char *restrict target, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int asprintf(char **restrict target, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int dprintf(int handle, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int vfprintf(FILE *restrict stream, const char *restrict format, va_list arguments);
int vprintf(const char *restrict format, va_list arguments);
int vsnprintf(char *restrict target, size_t size, const char *restrict format, va_list arguments);
int vsprintf(char *restrict target, const char *restrict format, va_list arguments);
int vasprintf(char **restrict target, const char *restrict format, va_list arguments);

int fscanf(FILE *restrict stream, const char *restrict format, ...) __attribute__((format(scanf, 2, 3)));
int scanf(const char *restrict format, ...) __attribute__((format(scanf, 1, 2)));
int sscanf(const char *restrict text, const char *restrict format, ...) __attribute__((format(scanf, 2, 3)));
int vfscanf(FILE *restrict stream, const char *restrict format, va_list arguments);
int vscanf(const char *restrict format, va_list arguments);
int vsscanf(const char *restrict text, const char *restrict format, va_list arguments);

void clearerr(FILE *stream);
int fclose(FILE *stream);
int feof(FILE *stream);
int ferror(FILE *stream);
int fflush(FILE *stream);
int fileno(FILE *stream);
FILE *fopen(const char *restrict name, const char *restrict mode);
FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict stream);
int fseek(FILE *stream, long offset, int from);
long ftell(FILE *stream);
void rewind(FILE *stream);
int remove(const char *name);
int rename(const char *from, const char *to);
void setbuf(FILE *restrict stream, char *restrict buffer);
int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size);

#endif
