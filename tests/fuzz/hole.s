// way: trap
// stops: 2

        getpsw a0
        nop
