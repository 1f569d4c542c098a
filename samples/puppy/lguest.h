/*
 * The interface between an lguest Host of generation 1 (Linux 2.6.23) and its guest.
 *
 * Addresses handed to the Host are physical unless a comment says "virtual".
 */
#ifndef PUPPY_LGUEST_H
#define PUPPY_LGUEST_H

#include "types.h"

enum lhcall {                           /* EAX; arguments in EDX, EBX, ECX */
        LHCALL_FLUSH_ASYNC = 0,         /* nothing by itself: makes the Host drain the ring */
        LHCALL_LGUEST_INIT = 1,         /* lguest_data */
        LHCALL_CRASH = 2,               /* text, 128 bytes */
        LHCALL_LOAD_GDT = 3,            /* table, entries */
        LHCALL_NEW_PGTABLE = 4,         /* page directory */
        LHCALL_FLUSH_TLB = 5,           /* 0: below PAGE_OFFSET; else everything */
        LHCALL_LOAD_IDT_ENTRY = 6,      /* vector, low dword, high dword */
        LHCALL_SET_STACK = 7,           /* SS, ESP (virtual), pages */
        LHCALL_TS = 8,                  /* 0 or not */
        LHCALL_SET_CLOCKEVENT = 9,      /* nanoseconds from now, 0 cancels */
        LHCALL_HALT = 10,
        LHCALL_BIND_DMA = 12,           /* key, array, count << 8 | irq; EAX: 1 done, 0 refused */
        LHCALL_SEND_DMA = 13,           /* key, struct lguest_dma */
        LHCALL_SET_PTE = 14,            /* page directory, virtual address, entry */
        LHCALL_SET_PMD = 15,            /* page directory, index */
        LHCALL_LOAD_TLS = 16,           /* three descriptors, for GDT entries 6 to 8 */
};

#define LHCALL_RING_SIZE 64
#define RING_FREE 0xFF                  /* hcall_status of a slot that is free, or done */
#define LGUEST_IRQS 32
#define FIRST_IRQ_VECTOR 0x20           /* line n arrives at vector 0x20 + n */

/* The page we share with the Host. */
struct lguest_data {
        u32 irq_enabled;                /* our virtual IF */
        u32 blocked_interrupts;         /* bit n masks line n */
        u32 cr2;                        /* address of the last page fault */
        u32 time_sec, time_nsec;        /* Host's wall clock, written when an interrupt arrives */
        u8 hcall_status[LHCALL_RING_SIZE];
        struct hcall_ring { u32 eax, edx, ebx, ecx; } hcalls[LHCALL_RING_SIZE];
        u32 reserve_mem;                /* bytes at the top of the address space that are not ours */
        u16 guestid, pad;
        u32 tsc_khz;                    /* 0 if the time stamp counter is no clock */
        u32 noirq_start, noirq_end;     /* virtual: no interrupt while EIP is in between */
};

#define LGUEST_MAX_DMA_SECTIONS 16

struct lguest_dma {
        u32 used_len;                   /* 0: free for the Host; else bytes transferred */
        u32 addr[LGUEST_MAX_DMA_SECTIONS];
        u16 len[LGUEST_MAX_DMA_SECTIONS];       /* 0 ends the list early */
};

#define CONSOLE_KEY 0

/* The descriptor page, right above RAM: 16 of these.  Device in slot n interrupts on line n + 1. */
#define LGUEST_MAX_DEVICES 16

enum lguest_device_type { DEVICE_NONE, DEVICE_CONSOLE, DEVICE_NET, DEVICE_BLOCK };
enum { STATUS_ACKNOWLEDGE = 1, STATUS_DRIVER = 2, STATUS_DRIVER_OK = 4 };
enum { NET_NO_CHECKSUM = 0x4000, RANDOMNESS = 0x8000 };         /* features */

struct lguest_device_desc {
        u16 type, features, status, num_pages;
        u32 pfn;
};

/* What the page of a block device holds. */
struct lguest_block_page {
        int type;                       /* 0 read, 1 write */
        u32 sector;                     /* of 512 bytes */
        u32 bytes;
        int result;                     /* 0 pending, 1 done, 2 error */
        u32 num_sectors;
};

/* boot_params: physical page 0. */
#define BOOT_E820_COUNT    0x1E8        /* u8 */
#define BOOT_LOADER_TYPE   0x210        /* u8, 0xFF if there is an initrd */
#define BOOT_INITRD_START  0x218
#define BOOT_INITRD_BYTES  0x21C
#define BOOT_CMDLINE       0x228
#define BOOT_E820_MAP      0x2D0        /* u64 address, u64 size, u32 type */

_Static_assert(sizeof(struct lguest_data) == 0x468, "lguest_data is 1128 bytes");
_Static_assert(__builtin_offsetof(struct lguest_data, reserve_mem) == 0x454, "reserve_mem");
_Static_assert(sizeof(struct lguest_dma) == 100, "lguest_dma is 100 bytes");
_Static_assert(sizeof(struct lguest_device_desc) == 12, "lguest_device_desc is 12 bytes");

extern struct lguest_data lguest_data;

/* hypercall.c */
u32 hcall(enum lhcall call, u32 edx, u32 ebx, u32 ecx);
void async_hcall(enum lhcall call, u32 edx, u32 ebx, u32 ecx);
u32 next_ring_slot(void);
void skip_ring_slots(u32 count);
void lguest_init(void);
_Noreturn void crash(const char *reason);
_Noreturn void power_off(void);

#endif
