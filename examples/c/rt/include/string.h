/* Memory and strings. */
#ifndef _STRING_H
#define _STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memccpy(void *__restrict target, const void *__restrict source, int byte, size_t count);
void *memchr(const void *memory, int byte, size_t count);
int memcmp(const void *a, const void *b, size_t count);
void *memcpy(void *__restrict target, const void *__restrict source, size_t count);
void *memmove(void *target, const void *source, size_t count);
void *memrchr(const void *memory, int byte, size_t count);
void *memset(void *target, int byte, size_t count);
void *memmem(const void *memory, size_t count, const void *part, size_t part_count);
void *mempcpy(void *__restrict target, const void *__restrict source, size_t count);

char *strcat(char *__restrict target, const char *__restrict source);
char *strchr(const char *string, int c);
char *strchrnul(const char *string, int c);
int strcmp(const char *a, const char *b);
int strcoll(const char *a, const char *b);
char *strcpy(char *__restrict target, const char *__restrict source);
char *stpcpy(char *__restrict target, const char *__restrict source);
size_t strcspn(const char *string, const char *reject);
char *strdup(const char *string);
char *strerror(int number);
size_t strlcat(char *__restrict target, const char *__restrict source, size_t size);
size_t strlcpy(char *__restrict target, const char *__restrict source, size_t size);
size_t strlen(const char *string);
char *strncat(char *__restrict target, const char *__restrict source, size_t count);
int strncmp(const char *a, const char *b, size_t count);
char *strncpy(char *__restrict target, const char *__restrict source, size_t count);
char *strndup(const char *string, size_t count);
size_t strnlen(const char *string, size_t count);
char *strpbrk(const char *string, const char *accept);
char *strrchr(const char *string, int c);
char *strsep(char **string, const char *delimiters);
size_t strspn(const char *string, const char *accept);
char *strstr(const char *string, const char *part);
char *strtok(char *__restrict string, const char *__restrict delimiters);
char *strtok_r(char *__restrict string, const char *__restrict delimiters, char **__restrict rest);
size_t strxfrm(char *__restrict target, const char *__restrict source, size_t count);

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t count);

#ifdef __cplusplus
}
#endif

#endif
