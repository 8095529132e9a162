/* Signals, which a program sends itself: a handler is called at once, or when the signal is no longer blocked. */
#pragma GCC optimize("Os")
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { ONLY = 1 };

static struct sigaction actions[NSIG];
static sigset_t blocked, waiting;

static int is_signal(int number)
{
    if (number > 0 && number < NSIG)
        return 1;
    errno = EINVAL;
    return 0;
}

static int may_be_caught(int number)
{
    if (is_signal(number) && number != SIGKILL && number != SIGSTOP)
        return 1;
    errno = EINVAL;
    return 0;
}

/* What a signal does where nothing else is wanted: it ends the program, with its number for the exit code. */
static void by_default(int number)
{
    if (number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH)
        return;
    if (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU)
        return; /* nobody could have it go on */
    if (number == SIGABRT)
        puts("Aborted");
    _Exit(number);
}

static void deliver(int number)
{
    struct sigaction *action = &actions[number];
    sighandler_t handler = action->sa_handler;
    if (handler == SIG_IGN)
        return;
    if (handler == SIG_DFL) {
        by_default(number);
        return;
    }
    sigset_t before = blocked;
    blocked |= action->sa_mask;
    if (!(action->sa_flags & SA_NODEFER))
        blocked |= 1ul << number;
    if (action->sa_flags & SA_RESETHAND)
        action->sa_handler = SIG_DFL;
    handler(number);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int raise(int number)
{
    if (!is_signal(number))
        return -1;
    if (blocked >> number & 1)
        waiting |= 1ul << number;
    else
        deliver(number);
    return 0;
}

int kill(pid_t process, int number)
{
    if (process != ONLY && process != 0 && process != -1) {
        errno = ESRCH;
        return -1;
    }
    return number ? raise(number) : 0;
}

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict before)
{
    if (!(action ? may_be_caught(number) : is_signal(number)))
        return -1;
    struct sigaction was = actions[number];
    if (action)
        actions[number] = *action;
    if (before)
        *before = was;
    return 0;
}

/* The handler stays, as BSD's and Linux's does. */
sighandler_t signal(int number, sighandler_t handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
    return sigaction(number, &action, &before) ? SIG_ERR : before.sa_handler;
}

/* Ends the program even if its handler comes back. */
void abort(void)
{
    blocked &= ~(1ul << SIGABRT);
    raise(SIGABRT);
    actions[SIGABRT].sa_handler = SIG_DFL;
    for (;;)
        raise(SIGABRT);
}

/* --- Sets --- */

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = ~1ul;
    return 0;
}

int sigaddset(sigset_t *set, int number)
{
    if (!is_signal(number))
        return -1;
    *set |= 1ul << number;
    return 0;
}

int sigdelset(sigset_t *set, int number)
{
    if (!is_signal(number))
        return -1;
    *set &= ~(1ul << number);
    return 0;
}

int sigismember(const sigset_t *set, int number)
{
    return is_signal(number) ? (int)(*set >> number & 1) : -1;
}

int sigpending(sigset_t *set)
{
    *set = waiting;
    return 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before)
{
    sigset_t was = blocked;
    if (set) {
        if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK) {
            errno = EINVAL;
            return -1;
        }
        blocked = how == SIG_BLOCK ? was | *set : how == SIG_UNBLOCK ? was & ~*set : *set;
        blocked &= ~(1ul << SIGKILL | 1ul << SIGSTOP);
        for (int number = 1; number < NSIG; number++)
            if (waiting & ~blocked & 1ul << number) {
                waiting &= ~(1ul << number);
                deliver(number);
            }
    }
    if (before)
        *before = was;
    return 0;
}
