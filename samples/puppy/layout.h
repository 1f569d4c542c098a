/* Where things are: selectors and addresses.  Read by C, by assembler and by the linker scripts. */
#ifndef PUPPY_LAYOUT_H
#define PUPPY_LAYOUT_H

/* Linear addresses. */
#define USER_TEXT   0x00400000  /* user programs are linked here */
#define USER_HEAP   0x01000000  /* grows up, a page at each first touch */
#define SCRATCH     0x40000000  /* the self-test's window, in the shell's own directory */
#define USER_STACK  0xBFFFE000  /* top of the user stack, which grows down the same way */
#define USER_TLS    0xBFFFF000  /* one page of thread-local storage: the last under the kernel */
#define PAGE_OFFSET 0xC0000000  /* physical 0 appears here, and all of RAM after it */
#define IO_WINDOW   0xF0000000  /* device pages, which lie above RAM, are mapped here */

#define USER_STACK_BYTES 0x10000
#define USER_HEAP_BYTES  0x00800000

#define PAGE_BYTES   4096
#define KSTACK_BYTES 4096

/* Selectors.  The Host wants the kernel at entries 12 and 13; the rest follows i386 Linux. */
#define TLS_ENTRY 6
#define USER_GS   0x33
#define KERNEL_CS 0x61
#define KERNEL_DS 0x69
#define USER_CS   0x73
#define USER_DS   0x7B

/* EFLAGS.IF, also the value of lguest_data.irq_enabled that means "on". */
#define EFLAGS_IF 0x200

#endif
