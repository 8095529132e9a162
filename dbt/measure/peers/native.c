/* A kernel as a process of the host: its work as often as there are arguments. */
extern int kernel(void);

int main(int argc, char **argv)
{
    (void)argv;
    for (int n = 1; n < argc; n++)
        if (kernel())
            return 1;
    return 0;
}
