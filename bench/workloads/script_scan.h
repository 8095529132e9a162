/* Words of script.h's language, one after another. */
#ifndef SCRIPT_SCAN_H
#define SCRIPT_SCAN_H

#include "script.h"

enum { ANY = 'a', DIGITS = '0', QUOTED = '"', END = 0 };

static const char *source;
static int token; /* ANY a name or a word, DIGITS, QUOTED, END; otherwise its first character */
static const char *spelling;
static uint32_t spelled;

static int letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int digit(char c)
{
    return c >= '0' && c <= '9';
}

static void advance(void)
{
    while (*source == ' ' || *source == '\n')
        source++;
    spelling = source;
    char c = *source;
    token = c;
    if (letter(c) || digit(c)) {
        token = digit(c) ? DIGITS : ANY;
        while (letter(*source) || digit(*source))
            source++;
    } else if (c == '"') {
        spelling = ++source;
        while (*source != '"')
            source++;
        spelled = (uint32_t)(source++ - spelling);
        return;
    } else if (c) {
        source++;
        if ((c == '.' || c == '/' || c == '=') ? *source == c : (c == '~' || c == '<' || c == '>') && *source == '=')
            source++;
    }
    spelled = (uint32_t)(source - spelling);
}

static int is(const char *text)
{
    uint32_t n = 0;
    while (n < spelled && text[n] == spelling[n])
        n++;
    return n == spelled && !text[n] && token != QUOTED;
}

static int accept(const char *text)
{
    int found = is(text);
    if (found)
        advance();
    return found;
}

static void expect(const char *text)
{
    if (!accept(text))
        fail();
}

#endif
