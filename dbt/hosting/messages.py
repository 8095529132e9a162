"""The kinds of messages of a migration, in the order in which they come: from the host that a machine leaves, and back.

BEGIN     which machine comes            WELCOME, or REFUSED with the reason
PAGES     pages of RAM
SECTORS   pages of the disk
STATE     everything else                READY, or REFUSED
COMMIT    go on with it                  RUNNING
ASK       have you gone on with it?      RUNNING, or UNKNOWN: then it never will
"""

BEGIN, PAGES, SECTORS, STATE, COMMIT, ASK = range(1, 7)
WELCOME, REFUSED, READY, RUNNING, UNKNOWN = range(16, 21)
