/* The kernel under the benchmark: just enough of one.  kernel.c is it on a bare processor, hyper.c under lguest's Host. */
#ifndef KERNEL_H
#define KERNEL_H

#include "bench.h"
#include "selectors.h"

#define PAGE 4096
#define PRESENT 1
#define WRITABLE 2
#define USER 4

/* On a bare processor linear memory is physical memory, 16 MiB of it, in pages of 4 KiB. */
#define MAPPED_TABLES 4
#define MAPPED_PAGES (MAPPED_TABLES * 1024)

extern u32 page_directory[1024];
extern u32 page_tables[MAPPED_PAGES];

/* An entry of the IDT: an interrupt gate to HANDLER for CPL 0, a trap gate for CPL 3. */
void set_gate(u32 vector, void (*handler)(void), u32 dpl);

/* Where the processor finds its stack when it comes from CPL 3. */
void set_kernel_stack(u32 esp);

/* Lets programs at CPL 3 use the page at ADDRESS. */
void give_to_user(void *address);

static inline void load_cr3(void *directory)
{
        __asm__ volatile("mov %0, %%cr3" : : "r"(directory) : "memory");
}

/* Workloads that need a kernel, and how many of what each does in a repetition. */
#define SYSCALLS 20000
u32 syscall(void);
#define FAULTS 8192
u32 fault(void);
#define SWITCHES 20000
u32 context(void);
#define HYPERCALLS 20000
u32 hypercall(void);
#define HOST_FAULTS 20000
u32 host_fault(void);

#endif
