/* getopt() and its like against the host's C library: what is found, what is said, and what becomes of the words. */
#define _GNU_SOURCE
#include <getopt.h>
#include "check.h"

extern char *rt_optarg;
extern int rt_optind, rt_opterr, rt_optopt;
int rt_getopt(int, char *const[], const char *);
int rt_getopt_long(int, char *const[], const char *, const struct option *, int *);
int rt_getopt_long_only(int, char *const[], const char *, const struct option *, int *);

enum { WORDS = 7, ROOM = 4096 };

static char *const words[] = {
    "-a", "-b", "-c", "-bx", "-ab", "-abc", "-cb", "-d", "-dy", "-z", "-", "--", "x", "yy", "", "--alpha", "--al", "--a",
    "--beta", "--beta=1", "--beta=", "--gamma", "--gamma=2", "--gam", "--alpha=3", "--delta", "--nothing", "--nothing=4",
    "-beta", "-gamma=5", "-al", "-alp", "-:", "-?", "---", "--=", "-nothing", "-g",
};
static const char *const options[] = {"abc", "ab:c", "ab:cd::", "+ab:c", "-ab:cd::", ":ab:c", "+:ab:d::", "-:b:", "", "a", ":"};

static int flag;
static const struct option longs[] = {
    {"alpha", no_argument, NULL, 1000}, {"beta", required_argument, NULL, 'b'}, {"gamma", optional_argument, NULL, 1002},
    {"alter", no_argument, NULL, 1003}, {"delta", no_argument, &flag, 7}, {"gammas", optional_argument, NULL, 1002},
    {NULL, 0, NULL, 0},
};

typedef int search(int, char *const[], const char *, const struct option *, int *);

static int short_only(int argc, char *const argv[], const char *letters, const struct option *l, int *index)
{
    return (void)l, (void)index, getopt(argc, argv, letters);
}

static int rt_short_only(int argc, char *const argv[], const char *letters, const struct option *l, int *index)
{
    return (void)l, (void)index, rt_getopt(argc, argv, letters);
}

/* Everything that a program can see of a search, as text. */
static void look(char *to, search *find, char *argv[], int argc, const char *letters, char **arg, int *at, int *opt, int begin)
{
    int index = -1, found, steps = 0;
    *at = begin;
    flag = 0;
    do {
        *opt = 77;
        found = find(argc, argv, letters, longs, &index);
        to += sprintf(to, "%d(%s)%d/%d/%d ", found, found == -1 ? "" : *arg ? *arg : "null", *at, index, flag);
        if (found == '?' || found == ':')
            to += sprintf(to, "/%d", *opt); /* otherwise it means nothing */
    } while (found != -1 && ++steps < 40);
    for (int n = 0; n < argc; n++)
        to += sprintf(to, "[%s]", argv[n]);
}

int main(int count, char **arguments)
{
    long cases = count > 1 ? atol(arguments[1]) : 1000000;
    search *const theirs[] = {short_only, getopt_long, getopt_long_only};
    search *const ours[] = {rt_short_only, rt_getopt_long, rt_getopt_long_only};
    char *heard;
    size_t length;
    FILE *console = open_memstream(&heard, &length);
    stderr = console;
    for (long i = 0; i < cases; i++) {
        char *a[WORDS + 2] = {"prog"}, *b[WORDS + 2];
        int argc = 1 + (int)(any() % (WORDS + 1)), kind = (int)(any() % 3), n = (int)(any() % (sizeof options / sizeof *options));
        for (int w = 1; w < argc; w++)
            a[w] = words[any() % (sizeof words / sizeof *words)];
        memcpy(b, a, sizeof b);
        char got[ROOM], wanted[ROOM];
        opterr = rt_opterr = any() % 8 != 0;
        said_length = 0;
        rewind(console);
        look(wanted, theirs[kind], a, argc, options[n], &optarg, &optind, &optopt, 0);
        look(got, ours[kind], b, argc, options[n], &rt_optarg, &rt_optind, &rt_optopt, 0);
        fflush(console);
        said[said_length] = 0;
        heard[ftell(console)] = 0;
        done++;
        if ((strcmp(got, wanted) != 0 || strcmp(said, heard) != 0) && different++ < SHOWN) {
            printf("%d %s:", kind, options[n]);
            for (int w = 1; w < argc; w++)
                printf(" %s", b[w]);
            printf("\n    %s\n    instead of\n    %s\n", got, wanted);
            if (strcmp(said, heard) != 0)
                printf("  says\n%s  instead of\n%s", said, heard);
        }
    }
    return verdict("options");
}
