/* The environment of floating point, which is software's: it rounds to nearest and raises no flags. */
#ifndef _FENV_H
#define _FENV_H

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned fenv_t;
typedef unsigned fexcept_t;

/* As the standard has it, what is not supported has no macro. */
#define FE_ALL_EXCEPT 0
#define FE_TONEAREST 0
#define FE_DFL_ENV ((const fenv_t *)-1)

int feclearexcept(int flags);
int fegetexceptflag(fexcept_t *to, int flags);
int feraiseexcept(int flags);
int fesetexceptflag(const fexcept_t *from, int flags);
int fetestexcept(int flags);
int fegetround(void);
int fesetround(int direction);
int fegetenv(fenv_t *to);
int feholdexcept(fenv_t *to);
int fesetenv(const fenv_t *from);
int feupdateenv(const fenv_t *from);

#ifdef __cplusplus
}
#endif

#endif
