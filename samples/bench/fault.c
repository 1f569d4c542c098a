/* Page faults: pages that are not there are touched, and a handler maps each. */
#include "kernel.h"

#define VECTOR_PF 14
#define PAGES 64

static u8 pages[PAGES * PAGE] __attribute__((aligned(PAGE)));
static u32 faults;

extern void page_fault(void);
__asm__(".pushsection .text\n"
        "page_fault:\n"
        "       pusha\n"
        "       mov     %cr2, %eax\n"
        "       push    %eax\n"
        "       call    map\n"
        "       add     $4, %esp\n"
        "       popa\n"
        "       add     $4, %esp\n"             /* the error code */
        "       iret\n"
        ".popsection");

void map(u32 address) __attribute__((used));
void map(u32 address)
{
        faults++;
        page_tables[address / PAGE] |= PRESENT;
}

u32 fault(void)
{
        u32 sum = 0;
        set_gate(VECTOR_PF, page_fault, 0);
        faults = 0;
        for (u32 i = 0; i < sizeof pages; i += PAGE)
                pages[i] = (u8) (i / PAGE);
        for (u32 round = 0; round < FAULTS / PAGES; round++) {
                for (u32 page = 0; page < PAGES; page++)
                        page_tables[(u32) pages / PAGE + page] &= ~(u32) PRESENT;
                load_cr3(page_directory);
                for (u32 page = 0; page < PAGES; page++)
                        sum = sum * 31 + ++*(volatile u8 *) &pages[page * PAGE];
        }
        return sum ^ faults;
}
