/* The workloads that compute, one file each; diverse.sh writes the last. */
#include "bench.h"

u32 integer(void), sieve(void), list(void), matrix(void), calls(void), jumps(void), sort(void), strings(void), real(void),
    core(void), dhry(void), diverse(void);

const struct workload computing[] = {
        { "integer", integer }, { "sieve", sieve }, { "list", list }, { "matrix", matrix }, { "calls", calls },
        { "jumps", jumps }, { "sort", sort }, { "strings", strings }, { "real", real }, { "core", core }, { "dhry", dhry },
        { "diverse", diverse }, { NULL, NULL },
};
