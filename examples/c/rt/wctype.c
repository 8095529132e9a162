/* Kinds of wide characters: those of their bytes. */
#include <ctype.h>
#include <wctype.h>

enum { ASCII = 128 };

static int byte(wint_t c)
{
    return c < ASCII ? (int)c : -1;
}

int iswalnum(wint_t c) { return isalnum(byte(c)); }
int iswalpha(wint_t c) { return isalpha(byte(c)); }
int iswblank(wint_t c) { return isblank(byte(c)); }
int iswcntrl(wint_t c) { return iscntrl(byte(c)); }
int iswdigit(wint_t c) { return isdigit(byte(c)); }
int iswgraph(wint_t c) { return isgraph(byte(c)); }
int iswlower(wint_t c) { return islower(byte(c)); }
int iswprint(wint_t c) { return isprint(byte(c)); }
int iswpunct(wint_t c) { return ispunct(byte(c)); }
int iswspace(wint_t c) { return isspace(byte(c)); }
int iswupper(wint_t c) { return isupper(byte(c)); }
int iswxdigit(wint_t c) { return isxdigit(byte(c)); }
wint_t towlower(wint_t c) { return c < ASCII ? (wint_t)tolower((int)c) : c; }
wint_t towupper(wint_t c) { return c < ASCII ? (wint_t)toupper((int)c) : c; }
