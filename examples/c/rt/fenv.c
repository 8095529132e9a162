/* Software's floating point: to nearest, without flags. */
#include <fenv.h>

int feclearexcept(int flags) { return flags; }
int feraiseexcept(int flags) { return flags; }
int fetestexcept(int flags) { return (void)flags, 0; }
int fegetexceptflag(fexcept_t *to, int flags) { return *to = 0, flags; }
int fesetexceptflag(const fexcept_t *from, int flags) { return (void)from, flags; }
int fegetround(void) { return FE_TONEAREST; }
int fesetround(int direction) { return direction != FE_TONEAREST; }
int fegetenv(fenv_t *to) { return *to = 0, 0; }
int feholdexcept(fenv_t *to) { return *to = 0, 0; }
int fesetenv(const fenv_t *from) { return (void)from, 0; }
int feupdateenv(const fenv_t *from) { return (void)from, 0; }
