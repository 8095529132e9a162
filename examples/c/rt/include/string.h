/* Memory and strings. */
#ifndef _STRING_H
#define _STRING_H

#include <stddef.h>

void *memchr(const void *memory, int byte, size_t count);
int memcmp(const void *a, const void *b, size_t count);
void *memcpy(void *restrict target, const void *restrict source, size_t count);
void *memmove(void *target, const void *source, size_t count);
void *memrchr(const void *memory, int byte, size_t count);
void *memset(void *target, int byte, size_t count);
void *memmem(const void *memory, size_t count, const void *part, size_t part_count);
void *mempcpy(void *restrict target, const void *restrict source, size_t count);

char *strcat(char *restrict target, const char *restrict source);
char *strchr(const char *string, int c);
char *strchrnul(const char *string, int c);
int strcmp(const char *a, const char *b);
int strcoll(const char *a, const char *b);
char *strcpy(char *restrict target, const char *restrict source);
char *stpcpy(char *restrict target, const char *restrict source);
size_t strcspn(const char *string, const char *reject);
char *strdup(const char *string);
char *strerror(int number);
size_t strlcat(char *restrict target, const char *restrict source, size_t size);
size_t strlcpy(char *restrict target, const char *restrict source, size_t size);
size_t strlen(const char *string);
char *strncat(char *restrict target, const char *restrict source, size_t count);
int strncmp(const char *a, const char *b, size_t count);
char *strncpy(char *restrict target, const char *restrict source, size_t count);
char *strndup(const char *string, size_t count);
size_t strnlen(const char *string, size_t count);
char *strpbrk(const char *string, const char *accept);
char *strrchr(const char *string, int c);
char *strsep(char **string, const char *delimiters);
size_t strspn(const char *string, const char *accept);
char *strstr(const char *string, const char *part);
char *strtok(char *restrict string, const char *restrict delimiters);
char *strtok_r(char *restrict string, const char *restrict delimiters, char **restrict rest);
size_t strxfrm(char *restrict target, const char *restrict source, size_t count);

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t count);

#endif
