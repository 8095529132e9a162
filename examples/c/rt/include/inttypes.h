/* Formats for the integers of stdint.h. */
#ifndef _INTTYPES_H
#define _INTTYPES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* int32_t is a long here (and an int on most hosts); the formatter asks for no more than its width. */
#define __PRI32 "l"
#define __PRI64 "ll"
#define __PRIPTR ""

#define PRId8 "d"
#define PRIdLEAST8 PRId8
#define PRIdFAST8 "d"
#define PRId16 "d"
#define PRIdLEAST16 PRId16
#define PRIdFAST16 "d"
#define PRId32 __PRI32 "d"
#define PRIdLEAST32 PRId32
#define PRIdFAST32 "d"
#define PRId64 __PRI64 "d"
#define PRIdLEAST64 PRId64
#define PRIdFAST64 PRId64
#define PRIdMAX "j" "d"
#define PRIdPTR __PRIPTR "d"
#define PRIi8 "i"
#define PRIiLEAST8 PRIi8
#define PRIiFAST8 "i"
#define PRIi16 "i"
#define PRIiLEAST16 PRIi16
#define PRIiFAST16 "i"
#define PRIi32 __PRI32 "i"
#define PRIiLEAST32 PRIi32
#define PRIiFAST32 "i"
#define PRIi64 __PRI64 "i"
#define PRIiLEAST64 PRIi64
#define PRIiFAST64 PRIi64
#define PRIiMAX "j" "i"
#define PRIiPTR __PRIPTR "i"
#define PRIo8 "o"
#define PRIoLEAST8 PRIo8
#define PRIoFAST8 "o"
#define PRIo16 "o"
#define PRIoLEAST16 PRIo16
#define PRIoFAST16 "o"
#define PRIo32 __PRI32 "o"
#define PRIoLEAST32 PRIo32
#define PRIoFAST32 "o"
#define PRIo64 __PRI64 "o"
#define PRIoLEAST64 PRIo64
#define PRIoFAST64 PRIo64
#define PRIoMAX "j" "o"
#define PRIoPTR __PRIPTR "o"
#define PRIu8 "u"
#define PRIuLEAST8 PRIu8
#define PRIuFAST8 "u"
#define PRIu16 "u"
#define PRIuLEAST16 PRIu16
#define PRIuFAST16 "u"
#define PRIu32 __PRI32 "u"
#define PRIuLEAST32 PRIu32
#define PRIuFAST32 "u"
#define PRIu64 __PRI64 "u"
#define PRIuLEAST64 PRIu64
#define PRIuFAST64 PRIu64
#define PRIuMAX "j" "u"
#define PRIuPTR __PRIPTR "u"
#define PRIx8 "x"
#define PRIxLEAST8 PRIx8
#define PRIxFAST8 "x"
#define PRIx16 "x"
#define PRIxLEAST16 PRIx16
#define PRIxFAST16 "x"
#define PRIx32 __PRI32 "x"
#define PRIxLEAST32 PRIx32
#define PRIxFAST32 "x"
#define PRIx64 __PRI64 "x"
#define PRIxLEAST64 PRIx64
#define PRIxFAST64 PRIx64
#define PRIxMAX "j" "x"
#define PRIxPTR __PRIPTR "x"
#define PRIX8 "X"
#define PRIXLEAST8 PRIX8
#define PRIXFAST8 "X"
#define PRIX16 "X"
#define PRIXLEAST16 PRIX16
#define PRIXFAST16 "X"
#define PRIX32 __PRI32 "X"
#define PRIXLEAST32 PRIX32
#define PRIXFAST32 "X"
#define PRIX64 __PRI64 "X"
#define PRIXLEAST64 PRIX64
#define PRIXFAST64 PRIX64
#define PRIXMAX "j" "X"
#define PRIXPTR __PRIPTR "X"
#define SCNd8 "hh" "d"
#define SCNdLEAST8 SCNd8
#define SCNdFAST8 "d"
#define SCNd16 "h" "d"
#define SCNdLEAST16 SCNd16
#define SCNdFAST16 "d"
#define SCNd32 __PRI32 "d"
#define SCNdLEAST32 SCNd32
#define SCNdFAST32 "d"
#define SCNd64 __PRI64 "d"
#define SCNdLEAST64 SCNd64
#define SCNdFAST64 SCNd64
#define SCNdMAX "j" "d"
#define SCNdPTR __PRIPTR "d"
#define SCNi8 "hh" "i"
#define SCNiLEAST8 SCNi8
#define SCNiFAST8 "i"
#define SCNi16 "h" "i"
#define SCNiLEAST16 SCNi16
#define SCNiFAST16 "i"
#define SCNi32 __PRI32 "i"
#define SCNiLEAST32 SCNi32
#define SCNiFAST32 "i"
#define SCNi64 __PRI64 "i"
#define SCNiLEAST64 SCNi64
#define SCNiFAST64 SCNi64
#define SCNiMAX "j" "i"
#define SCNiPTR __PRIPTR "i"
#define SCNo8 "hh" "o"
#define SCNoLEAST8 SCNo8
#define SCNoFAST8 "o"
#define SCNo16 "h" "o"
#define SCNoLEAST16 SCNo16
#define SCNoFAST16 "o"
#define SCNo32 __PRI32 "o"
#define SCNoLEAST32 SCNo32
#define SCNoFAST32 "o"
#define SCNo64 __PRI64 "o"
#define SCNoLEAST64 SCNo64
#define SCNoFAST64 SCNo64
#define SCNoMAX "j" "o"
#define SCNoPTR __PRIPTR "o"
#define SCNu8 "hh" "u"
#define SCNuLEAST8 SCNu8
#define SCNuFAST8 "u"
#define SCNu16 "h" "u"
#define SCNuLEAST16 SCNu16
#define SCNuFAST16 "u"
#define SCNu32 __PRI32 "u"
#define SCNuLEAST32 SCNu32
#define SCNuFAST32 "u"
#define SCNu64 __PRI64 "u"
#define SCNuLEAST64 SCNu64
#define SCNuFAST64 SCNu64
#define SCNuMAX "j" "u"
#define SCNuPTR __PRIPTR "u"
#define SCNx8 "hh" "x"
#define SCNxLEAST8 SCNx8
#define SCNxFAST8 "x"
#define SCNx16 "h" "x"
#define SCNxLEAST16 SCNx16
#define SCNxFAST16 "x"
#define SCNx32 __PRI32 "x"
#define SCNxLEAST32 SCNx32
#define SCNxFAST32 "x"
#define SCNx64 __PRI64 "x"
#define SCNxLEAST64 SCNx64
#define SCNxFAST64 SCNx64
#define SCNxMAX "j" "x"
#define SCNxPTR __PRIPTR "x"

intmax_t imaxabs(intmax_t value);
intmax_t strtoimax(const char *text, char **end, int base);
uintmax_t strtoumax(const char *text, char **end, int base);

#ifdef __cplusplus
}
#endif

#endif
