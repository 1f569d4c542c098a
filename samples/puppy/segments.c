/* The global descriptor table: four flat segments and room for a process's thread-local storage. */
#include "puppy.h"

#define GDT_ENTRIES 32

/*
 * A descriptor, as the processor reads it:
 *
 *      63     56 55  52 51   48 47    40 39            16 15         0
 *      base      flags  limit   access   base             limit
 *      31..24           19..16           23..0            15..0
 */
u64 descriptor(u32 base, u32 limit, u32 access)
{
        u32 high = (base & 0xFF000000) | (access & 0xF000) << 8 | (limit & 0xF0000)
                   | (access & 0xFF) << 8 | (base >> 16 & 0xFF);

        return (u64)high << 32 | (base << 16 | (limit & 0xFFFF));
}

static u64 gdt[GDT_ENTRIES];

/* Entries 10, 11, 16 and 31 are the Host's: what we put there is ignored. */
void segments_load(void)
{
        hcall(LHCALL_LOAD_GDT, pa(gdt), GDT_ENTRIES, 0);
}

void segments_init(void)
{
        gdt[KERNEL_CS / 8] = descriptor(0, 0xFFFFF, KERNEL_CODE_ACCESS);
        gdt[KERNEL_DS / 8] = descriptor(0, 0xFFFFF, KERNEL_DATA_ACCESS);
        gdt[USER_CS / 8] = descriptor(0, 0xFFFFF, USER_CODE_ACCESS);
        gdt[USER_DS / 8] = descriptor(0, 0xFFFFF, USER_DATA_ACCESS);
        segments_load();
}
