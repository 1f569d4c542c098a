/* Turns paging on, fills GDT and IDT, and runs what the command line names. */
#include "kernel.h"

#define DEBUG_PORT 0xE9
#define EXIT_PORT 0xF4
#define INTERRUPT_GATE 0x8E00
#define TRAP_GATE 0x8F00
#define CR0_PG 0x80000000u
#define CR0_WP 0x00010000u

struct multiboot_info {
        u32 flags, mem_lower, mem_upper, boot_device, cmdline;
};

struct table_register {
        u16 limit;
        u32 base;
} __attribute__((packed));

struct task {
        u32 link, esp0, ss0, rest[23];
};

u32 page_directory[1024] __attribute__((aligned(PAGE)));
u32 page_tables[MAPPED_PAGES] __attribute__((aligned(PAGE)));

static u32 idt[256][2];
static u32 gdt[6][2];
static struct task task;

extern void unexpected(void);

static void out(u16 port, u8 value)
{
        __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void put(char c)
{
        out(DEBUG_PORT, (u8) c);
}

/* Ends the machine.  QEMU's exit status is 2 * STATUS + 1. */
static __attribute__((noreturn)) void leave(u32 status)
{
        for (;;) {
                out(EXIT_PORT, (u8) status);
                __asm__ volatile("cli; hlt");
        }
}

/* FRAME is what the processor pushed: an error code perhaps, then EIP, CS and EFLAGS. */
void died(const u32 *frame)
{
        static const char words[] = "unexpected fault\n";
        for (const char *at = words; *at; at++)
                put(*at);
        for (int word = 0; word < 4; word++) {
                for (int shift = 28; shift >= 0; shift -= 4)
                        put("0123456789abcdef"[frame[word] >> shift & 15]);
                put('\n');
        }
        leave(2);
}

void set_gate(u32 vector, void (*handler)(void), u32 dpl)
{
        idt[vector][0] = KERNEL_CODE << 16 | ((u32) handler & 0xFFFF);
        idt[vector][1] = ((u32) handler & 0xFFFF0000) | (dpl ? TRAP_GATE : INTERRUPT_GATE) | dpl << 13;
}

void set_kernel_stack(u32 esp)
{
        task.esp0 = esp;
}

void give_to_user(void *address)
{
        page_tables[(u32) address / PAGE] |= USER;
        load_cr3(page_directory);
}

/* TYPE is the byte with present bit, DPL, S and type; FLAGS are granularity and size. */
static void set_segment(u32 selector, u32 base, u32 limit, u32 type, u32 flags)
{
        u32 *descriptor = gdt[selector >> 3];
        descriptor[0] = base << 16 | (limit & 0xFFFF);
        descriptor[1] = (base & 0xFF000000) | flags << 20 | (limit & 0xF0000) | type << 8 | (base >> 16 & 0xFF);
}

static void segments(void)
{
        struct table_register gdtr = { sizeof gdt - 1, (u32) gdt };
        set_segment(KERNEL_CODE, 0, 0xFFFFF, 0x9A, 0xC);
        set_segment(KERNEL_DATA, 0, 0xFFFFF, 0x92, 0xC);
        set_segment(USER_CODE, 0, 0xFFFFF, 0xFA, 0xC);
        set_segment(USER_DATA, 0, 0xFFFFF, 0xF2, 0xC);
        set_segment(TASK, (u32) &task, sizeof task - 1, 0x89, 0);
        task.ss0 = KERNEL_DATA;
        __asm__ volatile("lgdt %0\n\t"
                         "ljmp %1, $1f\n"
                         "1:\tmov %2, %%ds\n\t"
                         "mov %2, %%es\n\t"
                         "mov %2, %%fs\n\t"
                         "mov %2, %%gs\n\t"
                         "mov %2, %%ss\n\t"
                         "ltr %w3"
                         : : "m"(gdtr), "i"(KERNEL_CODE), "r"(KERNEL_DATA), "r"(TASK) : "memory");
}

static void interrupts(void)
{
        struct table_register idtr = { sizeof idt - 1, (u32) idt };
        for (u32 vector = 0; vector < 256; vector++)
                set_gate(vector, unexpected, 0);
        __asm__ volatile("lidt %0" : : "m"(idtr));
}

static void paging(void)
{
        for (u32 page = 0; page < MAPPED_PAGES; page++)
                page_tables[page] = page * PAGE | PRESENT | WRITABLE;
        for (u32 table = 0; table < MAPPED_TABLES; table++)
                page_directory[table] = (u32) &page_tables[table * 1024] | PRESENT | WRITABLE | USER;
        load_cr3(page_directory);
        u32 cr0;
        __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
        __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_PG | CR0_WP) : "memory");
}

void start(const struct multiboot_info *info)
{
        static const struct workload system[] = {
                { "syscall", syscall }, { "fault", fault }, { "context", context }, { NULL, NULL },
        };
        segments();
        interrupts();
        paging();
        __asm__ volatile("fninit");
        leave((u32) run((const char *) info->cmdline, computing, system));
}
