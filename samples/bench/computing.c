/* The workloads that compute, one file each; diverse.sh writes the last two. */
#include "bench.h"

u32 integer(void), sieve(void), list(void), matrix(void), calls(void), jumps(void), sort(void), strings(void), real(void),
    core(void), dhry(void), diverse(void), vast(void);

const struct workload computing[] = {
        { "integer", integer }, { "sieve", sieve }, { "list", list }, { "matrix", matrix }, { "calls", calls },
        { "jumps", jumps }, { "sort", sort }, { "strings", strings }, { "real", real }, { "core", core }, { "dhry", dhry },
        { "diverse", diverse }, { "vast", vast }, { NULL, NULL },
};
