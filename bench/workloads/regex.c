/* Regular expressions by backtracking over the pattern's text, as small libraries have them: groups that capture,
 * alternatives, classes, greedy and lazy repetition; searched for in lines of a log. */
#include "../kernels/kernel.h"

enum { ROUNDS = 12000, LINES = 24, LINE = 120, PATTERN = 64, GROUPS = 8 };

/* What is to match behind a group: its end has been reached. */
struct rest {
    const char *group; /* its opening bracket */
    const char *from; /* where in the text this turn of it began */
    const struct rest *then;
};

static const char *pattern;
static uint8_t partner[PATTERN]; /* of an opening bracket: where it is closed */
static uint8_t number[PATTERN]; /* of an opening bracket: which one it is */
static const char *first[GROUPS], *last[GROUPS];
static uint32_t steps;

/* What stands for one character: an escape, a class, a letter; the character behind it. */
static const char *behind(const char *p)
{
    if (*p == '\\')
        return p + 2;
    if (*p == '[')
        for (p += 2; *p != ']'; p++)
            p += *p == '\\';
    return p + 1;
}

static int in_class(char which, char c)
{
    int digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    switch (which) {
    case 'd':
        return digit;
    case 'w':
        return digit || letter || c == '_';
    case 's':
        return c == ' ' || c == '\t';
    case 'S':
        return c != ' ' && c != '\t' && c != 0;
    default:
        return c == which;
    }
}

static int fits(const char *p, char c)
{
    if (c == 0)
        return 0;
    if (*p == '.')
        return 1;
    if (*p == '\\')
        return in_class(p[1], c);
    if (*p != '[')
        return *p == c;
    int negative = *++p == '^', found = 0;
    for (p += negative; *p != ']'; p++)
        if (*p == '\\')
            found |= in_class(*++p, c);
        else if (p[1] == '-' && p[2] != ']')
            found |= c >= *p && c <= p[2], p += 2;
        else
            found |= *p == c;
    return found != negative;
}

static const char *match(const char *p, const char *text, const struct rest *rest);

/* The alternatives of a group (or of the whole pattern), in turn; where the whole match ends, or 0. */
static const char *alternatives(const char *p, const char *text, const struct rest *rest)
{
    for (;;) {
        const char *end = match(p, text, rest);
        if (end)
            return end;
        for (; *p != '|'; p = *p == '(' ? pattern + partner[p - pattern] + 1 : behind(p))
            if (*p == 0 || *p == ')')
                return 0;
        p++;
    }
}

/* A group at its beginning or again after a turn. */
static const char *group(const char *open, const char *text, const struct rest *then, int turned)
{
    const char *close = pattern + partner[open - pattern], *after = close + 1;
    int which = number[open - pattern], repeated = *after == '*' || *after == '+', optional = *after == '*' || *after == '?';
    if (!turned || repeated) {
        struct rest rest = {open, text, then};
        const char *before = first[which], *end;
        first[which] = text;
        end = alternatives(open + 1, text, &rest);
        if (end)
            return end;
        first[which] = before;
    }
    return turned || optional ? match(after + (repeated || optional), text, then) : 0;
}

/* The pattern from here to the end of this alternative, and what is to match behind it. */
static const char *match(const char *p, const char *text, const struct rest *rest)
{
    for (;;) {
        steps++;
        if (*p == 0 || *p == '|' || *p == ')') {
            if (!rest)
                return text;
            int which = number[rest->group - pattern];
            const char *before = last[which], *close = pattern + partner[rest->group - pattern], *end;
            last[which] = text;
            if (text == rest->from) { /* a turn that has taken nothing is the last one */
                const char *next = close + 1;
                next += *next == '*' || *next == '+' || *next == '?';
                end = match(next, text, rest->then);
            } else {
                end = group(rest->group, text, rest->then, 1);
            }
            if (!end)
                last[which] = before;
            return end;
        }
        if (*p == '(')
            return group(p, text, rest, 0);
        if (*p == '$' || *p == '^') {
            if (*p == '$' ? *text != 0 : text[-1] != 0)
                return 0;
            p++;
            continue;
        }
        const char *next = behind(p);
        if (*next == '*' || *next == '+' || *next == '?') {
            int least = *next == '+', most = *next == '?' ? 1 : LINE, lazy = next[1] == '?', count = 0;
            while (count < (lazy ? least : most) && fits(p, text[count]))
                count++;
            for (; count >= least; count += lazy ? 1 : -1) {
                const char *end = match(next + 1 + lazy, text + count, rest);
                if (end)
                    return end;
                if (lazy && !fits(p, text[count]))
                    return 0;
            }
            return 0;
        }
        if (!fits(p, *text))
            return 0;
        p = next;
        text++;
    }
}

KERNEL static void prepare(const char *text)
{
    int open[GROUPS], depth = 0, count = 0;
    pattern = text;
    for (const char *p = text; *p; p = *p == '(' || *p == ')' ? p + 1 : behind(p))
        if (*p == '(') {
            number[p - text] = (uint8_t)count++;
            open[depth++] = (int)(p - text);
        } else if (*p == ')') {
            partner[open[--depth]] = (uint8_t)(p - text);
        }
}

/* The first match in a line, which has a 0 before it and behind it: what it and its groups are, as a number. */
KERNEL static uint32_t search(const char *line)
{
    for (int n = 0; n < GROUPS; n++)
        first[n] = last[n] = 0;
    for (const char *text = line;; text++) {
        const char *end = alternatives(pattern, text, 0);
        if (end) {
            uint32_t sum = fold((uint32_t)(text - line), (uint32_t)(end - text));
            for (int n = 0; n < GROUPS; n++)
                if (first[n] && last[n])
                    sum = fold(sum, (uint32_t)((first[n] - line) << 8 | (last[n] - first[n])));
            return sum;
        }
        if (!*text)
            return 0;
    }
}

static char lines[LINES][LINE + 1];

static char *put(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    return to;
}

static char *put_number(char *to, uint32_t value)
{
    if (value > 9)
        to = put_number(to, value / 10);
    *to++ = (char)('0' + value % 10);
    return to;
}

KERNEL static void write_line(char *to, uint32_t *random)
{
    static const char *const verbs[] = {"GET", "POST", "HEAD", "PUT"};
    static const char *const places[] = {"/index", "/images/logo", "/users/anna_b/list", "/a/b/c/d", "/search/all"};
    static const char *const ends[] = {".html", ".png", ".php?id=", "", ".tar.gz", "?q=a+b&n="};
    *to++ = 0;
    for (int n = 0; n < 4; n++) {
        to = put_number(to, next_random(random) % 256);
        to = put(to, n < 3 ? "." : " - ");
    }
    to = put(to, next_random(random) & 1 ? "bob@example.org \"" : "- \"");
    to = put(put(to, verbs[next_random(random) % 4]), " ");
    to = put(to, places[next_random(random) % 5]);
    to = put(to, ends[next_random(random) % 6]);
    to = put_number(to, next_random(random) % 1000);
    to = put(to, " HTTP/1.1\" ");
    to = put_number(to, 200 + next_random(random) % 3 * 102);
    to = put(to, " ");
    to = put_number(to, next_random(random) >> 12);
    *to = 0;
}

int main(void)
{
    static const char *const patterns[] = {
        "^(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\s",
        "\"(GET|POST) ([^ ?]+)(\\?\\S*)? HTTP/(\\d\\.\\d)\"",
        "[a-z_]+@([a-z]+\\.)+(com|org|net)",
        "\\s(\\d\\d\\d)\\s+(\\d*[02468])$",
        "(/\\w+)+\\.(html?|tar(\\.gz)?)",
        "^.*?\"(.*)\" (404|302) ",
        "((a|b|c)/)+d?\\d+",
        "(id|n|q)=(\\w|\\+)*&?",
    };
    uint32_t random = seed * 0x2545f491u, sum = 0;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        uint32_t line = round % LINES;
        if (round == part_of(ROUNDS))
            for (int n = 0; n < LINES; n++)
                write_line(lines[n], &random);
        write_line(lines[line], &random);
        prepare(patterns[round % (sizeof patterns / sizeof *patterns)]);
        for (int n = 0; n < LINES; n++)
            sum = fold(sum, search(lines[n] + 1));
    }
    report("regex", fold(sum, steps));
    return 0;
}
