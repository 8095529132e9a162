/* The options of a command line, as GNU's: words that are no options are put behind all that are, unless the options begin
 * with '+', which stops at the first, or '-', which has each come as the option 1. */
#pragma GCC optimize("Os")
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt = '?';

/* Where the search for the next option goes on: in a word of short options, or behind it. Words that are no options and
 * have been passed by are argv[first] to argv[behind - 1]. */
static char *next;
static int first, behind;
static bool started;

/* Put the words passed by behind the options that have been found since. */
static void exchange(char **argv)
{
    int count = behind - first, found = optind - behind;
    for (int n = 0; n < found; n++) {
        char *word = argv[behind + n];
        memmove(&argv[first + n + 1], &argv[first + n], (size_t)count * sizeof *argv);
        argv[first + n] = word;
    }
    first += found;
    behind = optind;
}

static int is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

static bool alike(const struct option *a, const struct option *b)
{
    return a->has_arg == b->has_arg && a->flag == b->flag && a->val == b->val;
}

/* The long option that a word means: itself, or what it begins; -1 if none or, with `several`, more than one. Two that do
 * the same are one, but not where one dash is enough. */
static int find(const struct option *options, const char *name, size_t length, bool only, bool *several)
{
    int found = -1;
    *several = false;
    for (int n = 0; options[n].name; n++)
        if (strncmp(options[n].name, name, length) == 0) {
            if (options[n].name[length] == 0) {
                *several = false;
                return n;
            }
            if (found < 0)
                found = n;
            else if (only || !alike(&options[found], &options[n]))
                *several = true;
        }
    return *several ? -1 : found;
}

/* A long option: options[n], found by the word that begins behind `dashes` at `name`. */
static int long_option(
    int argc, char *const *argv, const struct option *options, int n, const char *dashes, const char *name, int *index,
    bool silent)
{
    size_t length = strcspn(name, "=");
    const struct option *found = &options[n];
    optind++;
    next = NULL;
    if (name[length] == '=') {
        if (found->has_arg == no_argument) {
            if (opterr && !silent)
                fprintf(stderr, "%s: option '%s%s' doesn't allow an argument\n", argv[0], dashes, found->name);
            optopt = found->val;
            return '?';
        }
        optarg = (char *)name + length + 1;
    } else if (found->has_arg == required_argument) {
        if (optind >= argc) {
            if (opterr && !silent)
                fprintf(stderr, "%s: option '%s%s' requires an argument\n", argv[0], dashes, found->name);
            optopt = found->val;
            return silent ? ':' : '?';
        }
        optarg = argv[optind++];
    }
    if (index)
        *index = n;
    if (found->flag) {
        *found->flag = found->val;
        return 0;
    }
    return found->val;
}

static int short_option(int argc, char *const *argv, const char *options, bool silent)
{
    int c = (unsigned char)*next++;
    const char *known = c == ':' || c == ';' ? NULL : strchr(options, c);
    bool last = !*next;
    if (last)
        optind++;
    if (!known) {
        if (opterr && !silent)
            fprintf(stderr, "%s: invalid option -- '%c'\n", argv[0], c);
        optopt = c;
        if (last)
            next = NULL;
        return '?';
    }
    if (known[1] == ':') {
        if (!last) {
            optarg = next;
            optind++;
        } else if (known[2] != ':') {
            if (optind >= argc) {
                if (opterr && !silent)
                    fprintf(stderr, "%s: option requires an argument -- '%c'\n", argv[0], c);
                optopt = c;
                c = silent ? ':' : '?';
            } else {
                optarg = argv[optind++];
            }
        }
        next = NULL;
    } else if (last) {
        next = NULL;
    }
    return c;
}

static int look(int argc, char **argv, const char *options, const struct option *longs, int *index, bool only)
{
    if (argc < 1)
        return -1;
    optarg = NULL;
    if (!optind || !started) {
        if (!optind)
            optind = 1;
        first = behind = optind;
        next = NULL;
        started = true;
    }
    bool stops = *options == '+', orders = *options == '-';
    if (stops || orders)
        options++;
    bool silent = *options == ':';
    if (!next || !*next) {
        /* A caller may have moved optind back. */
        if (behind > optind)
            behind = optind;
        if (first > optind)
            first = optind;
        if (!stops && !orders) {
            if (first != behind && behind != optind)
                exchange(argv);
            else if (behind != optind)
                first = optind;
            while (optind < argc && !is_option(argv[optind]))
                optind++;
            behind = optind;
        }
        if (optind < argc && strcmp(argv[optind], "--") == 0) {
            optind++;
            if (first != behind && behind != optind)
                exchange(argv);
            else if (first == behind)
                first = optind;
            behind = argc;
            optind = argc;
        }
        if (optind >= argc) {
            if (first != behind)
                optind = first;
            return -1;
        }
        if (!is_option(argv[optind])) {
            if (stops)
                return -1;
            optarg = argv[optind++];
            return 1;
        }
        char *word = argv[optind];
        bool two = word[1] == '-';
        if (longs && (two || (only && (word[2] || !strchr(options, word[1]))))) {
            char *name = word + 1 + two;
            const char *dashes = two ? "--" : "-";
            size_t length = strcspn(name, "=");
            bool several;
            int n = find(longs, name, length, only, &several);
            if (n >= 0)
                return long_option(argc, argv, longs, n, dashes, name, index, silent);
            if (several) {
                if (opterr && !silent) {
                    fprintf(stderr, "%s: option '%s%s' is ambiguous; possibilities:", argv[0], dashes, name);
                    for (int m = 0; longs[m].name; m++)
                        if (strncmp(longs[m].name, name, length) == 0)
                            fprintf(stderr, " '%s%s'", dashes, longs[m].name);
                    fprintf(stderr, "\n");
                }
                optopt = 0;
                optind++;
                return '?';
            }
            if (two || !only || !strchr(options, word[1])) {
                if (opterr && !silent)
                    fprintf(stderr, "%s: unrecognized option '%s%s'\n", argv[0], dashes, name);
                optopt = 0;
                optind++;
                return '?';
            }
        }
        next = word + 1;
    }
    return short_option(argc, argv, options, silent);
}

int getopt(int argc, char *const argv[], const char *options)
{
    return look(argc, (char **)argv, options, NULL, NULL, false);
}

int getopt_long(int argc, char *const argv[], const char *options, const struct option *long_options, int *index)
{
    return look(argc, (char **)argv, options, long_options, index, false);
}

int getopt_long_only(int argc, char *const argv[], const char *options, const struct option *long_options, int *index)
{
    return look(argc, (char **)argv, options, long_options, index, true);
}
