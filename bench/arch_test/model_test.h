// What riscv-arch-test asks of a target: how a test ends, and where its signature is. For boards with a test finisher.
#define RVMODEL_BOOT
#define RVMODEL_HALT                    \
        li t0, 0x100000;                \
        li t1, 0x5555;                  \
        sw t1, 0(t0);                   \
9:      j 9b;
#define RVMODEL_DATA_BEGIN .align 4; .global begin_signature; begin_signature:
#define RVMODEL_DATA_END   .align 4; .global end_signature; end_signature:
#define RVMODEL_IO_INIT
#define RVMODEL_IO_CHECK()
#define RVMODEL_IO_WRITE_STR(register, text)
#define RVMODEL_IO_ASSERT_GPR_EQ(register, other, value)
#define RVMODEL_IO_ASSERT_SFPR_EQ(register, other, value)
#define RVMODEL_IO_ASSERT_DFPR_EQ(register, other, value)
#define RVMODEL_SET_MSW_INT
#define RVMODEL_CLEAR_MSW_INT
#define RVMODEL_CLR_MSW_INT
#define RVMODEL_CLEAR_MTIMER_INT
#define RVMODEL_CLR_MTIMER_INT
#define RVMODEL_CLEAR_MEXT_INT
#define RVMODEL_CLR_MEXT_INT
#define RVMODEL_SET_SSW_INT
#define RVMODEL_CLR_SSW_INT
#define RVMODEL_CLR_STIMER_INT
#define RVMODEL_CLR_SEXT_INT
