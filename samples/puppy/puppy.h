/* What the parts of the kernel say to one another, part by part, in reading order. */
#ifndef PUPPY_H
#define PUPPY_H

#include "layout.h"
#include "lguest.h"
#include "types.h"

/* lib.c: the little of the C library we need. */
void *memset(void *to, int byte, u32 count);
void *memcpy(void *to, const void *from, u32 count);
int memcmp(const void *a, const void *b, u32 count);
u32 strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, u32 count);
bool parse_number(const char *text, u32 *value);        /* decimal, or hexadecimal after 0x */
u64 divide(u64 dividend, u32 divisor, u32 *remainder);

/* printk.c */
void printk(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* irq.c: the virtual IF and the 32 lines. */
static inline void irq_disable(void) { *(volatile u32 *)&lguest_data.irq_enabled = 0; }
static inline void irq_enable(void) { *(volatile u32 *)&lguest_data.irq_enabled = EFLAGS_IF; }
static inline u32 irq_save(void)
{
        u32 enabled = *(volatile u32 *)&lguest_data.irq_enabled;
        irq_disable();
        return enabled;
}
static inline void irq_restore(u32 enabled) { *(volatile u32 *)&lguest_data.irq_enabled = enabled; }

struct frame;
typedef void irq_handler(u32 line, struct frame *frame);
void irq_request(u32 line, const char *name, irq_handler *handler);
irq_handler *irq_replace(u32 line, irq_handler *handler);       /* returns the one before */
void irq_dispatch(u32 line, struct frame *frame);
void irq_block(u32 line);
void irq_unblock(u32 line);
void irq_show(void);

/* traps.c */
struct frame {                          /* what trap_entry.S leaves on the stack */
        u32 gs, fs, es, ds;
        u32 edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
        u32 vector, error;
        u32 eip, cs, eflags;
        u32 esp, ss;                    /* only if we came from user mode */
};

enum vector { VECTOR_DE = 0, VECTOR_BP = 3, VECTOR_UD = 6, VECTOR_NM = 7, VECTOR_GP = 13,
              VECTOR_PF = 14, VECTOR_SYSCALL = 0x80 };
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4 };             /* error code of a page fault */
enum gate { GATE_NONE = 0, GATE_INTERRUPT = 0x8E00, GATE_TRAP = 0x8F00, GATE_DPL3 = 0x6000 };

static inline bool from_user(const struct frame *frame) { return (frame->cs & 3) == 3; }
void traps_init(void);
void set_gate(u32 vector, const void *handler, u32 gate);
const void *vector_stub(u32 vector);
const char *vector_name(u32 vector);

/* segments.c */
void segments_init(void);
void segments_load(void);
u64 descriptor(u32 base, u32 limit, u32 access);
enum { KERNEL_CODE_ACCESS = 0xC0BB, KERNEL_DATA_ACCESS = 0xC0B3, USER_CODE_ACCESS = 0xC0FB,
       USER_DATA_ACCESS = 0xC0F3, TLS_ACCESS = 0x40F3 };        /* G, D, 0, AVL << 12 | access byte */

/* mm.c */
enum pte { PTE_PRESENT = 1, PTE_WRITE = 2, PTE_USER = 4, PTE_PWT = 8, PTE_PCD = 0x10,
           PTE_ACCESSED = 0x20, PTE_DIRTY = 0x40, PTE_BIT7 = 0x80 };

static inline u32 pa(const volatile void *address) { return (u32)address - PAGE_OFFSET; }
static inline void *va(u32 physical) { return (void *)(physical + PAGE_OFFSET); }

extern u32 *kernel_directory;           /* also the shell's */
void mm_init(void);
u32 memory_bytes(void);                 /* RAM, without the device pages above it */
u32 initrd_bytes(void);
u32 pages_free(void);
void *page_alloc(void);                 /* zeroed; NULL if there is none */
void page_free(void *page);
u32 *page_table_entry(u32 *directory, u32 address);             /* NULL if there is no table */
bool page_map(u32 *directory, u32 address, u32 entry);          /* false: out of memory */
void page_unmap(u32 *directory, u32 address);
void *io_map(u32 pfn);
u32 *directory_alloc(void);
void directory_free(u32 *directory);    /* with every user page in it */
bool page_fault(u32 address, u32 error);                        /* false: not ours to repair */
bool user_range(u32 address, u32 bytes, bool write);            /* present now, or made so */
void page_walk_show(u32 *directory, u32 address);

/* clock.c */
#define NSEC_PER_SEC  1000000000u
#define NSEC_PER_MSEC 1000000u
#define TICK_NSEC     (10 * NSEC_PER_MSEC)
extern u32 clock_ticks;
void clock_init(void);
u64 clock_nsec(void);                   /* since boot */
void clock_arm(u32 nsec);               /* one timer interrupt, that far away; 0: none */
void clock_delay(u32 nsec);             /* busy, interrupts as they are */
void clock_show(void);
void print_nsec(u64 nsec);              /* as seconds, 1.234567 */

/* sched.c */
#define MAX_PROCESSES 16
enum state { FREE, READY, SLEEPING, WAITING, ZOMBIE };

struct process {
        u32 pid;
        enum state state;
        const char *name;
        u32 esp;                        /* kernel stack pointer while not running */
        u8 *kstack;                     /* lowest byte; its top is what SET_STACK gets */
        u32 *directory;
        u64 tls[3];                     /* GDT entries 6 to 8 */
        u64 wake_nsec;                  /* while SLEEPING */
        u32 heap_end;
        int status;                     /* of a ZOMBIE */
        bool doomed;                    /* killed from outside: exits before it sees user mode again */
        bool fpu_used;
        u8 fpu[108] __attribute__((aligned(4)));
        u32 ticks, switches, faults, fpu_traps, syscalls;
};

extern struct process processes[MAX_PROCESSES], *current;
void sched_init(void);
struct process *process_spawn(const char *name, u32 argument);  /* NULL: no such program, or full */
_Noreturn void process_exit(int status);
void process_reap(struct process *process);
void process_kill_all(void);
void schedule(void);                    /* with interrupts off */
void preempt(void);                     /* the same, if the tick has asked for it */
void request_preemption(void);
void wake_waiting(void);
void process_sleep(u32 nsec);
void process_show(void);

/* Sleeps until a condition that an interrupt or another process makes true. */
#define wait_until(condition)                           \
        do {                                            \
                u32 enabled_ = irq_save();              \
                while (!(condition)) {                  \
                        current->state = WAITING;       \
                        schedule();                     \
                }                                       \
                irq_restore(enabled_);                  \
        } while (0)

/* fpu.c */
void fpu_init(void);
void fpu_switch(struct process *next);
void fpu_trap(void);
void fpu_forget(struct process *process);

/* syscall.c */
void syscall(struct frame *frame);

/* programs.S: the user programs inside the kernel image. */
struct program { const char *name; const u8 *start, *end; u32 copies; };
extern const struct program programs[];

/* devices.c */
extern struct lguest_device_desc *devices;
void devices_init(void);
void device_status(u32 slot, u32 bit);
void devices_show(void);

/* console.c */
void console_write(const char *text, u32 bytes);
void console_init(void);
u32 console_line(const char *prompt, char *line, u32 bytes);    /* length, without the newline */
void console_wait_key(void);
extern volatile bool console_interrupted;                       /* somebody typed ^C */

/* block.c */
#define SECTOR_BYTES 512
#define MAX_DISKS 15
struct disk {
        u32 slot, key;
        volatile struct lguest_block_page *page;
        struct lguest_dma bound;
        volatile bool done;
        u32 reads, writes;
};
extern struct disk disks[MAX_DISKS];
extern u32 disk_count;
void block_init(void);
int disk_transfer(struct disk *disk, bool write, u32 sector, void *buffer, u32 bytes);
void disks_show(void);

/* ask.c */
const char *ask(u32 type, const char *text);

/* ip.c: the network, of which net.h has the rest. */
void do_net(u32 count, char **words);

/* shell.c */
_Noreturn void shell(void);
void run_program(const char *name, u32 argument, bool wait);

/* boot.c */
struct boot_registers { u32 eax, ebx, ecx, edx, esi, edi, ebp, esp, eflags, cs, ds, es, ss, fs, gs; };
extern struct boot_registers boot_registers;
extern char kernel_cmdline[];
bool cmdline_option(const char *name, char *value, u32 bytes);  /* `name` or `name=value` */

/* selftest.c and kill.c */
void selftest_before_init(void);        /* LGUEST_INIT is watched from both sides */
void selftest_after_init(void);
void selftest(void);
bool kill_guest(const char *statement, bool booting);           /* false: no such statement */
void kill_show(void);

#endif
