/*
 * The benchmark as a guest of lguest's Host: what the way to the Host and back costs.  Its words for the Host are puppy's.
 */
#include "lguest.h"
#include "kernel.h"

#define PAGE_OFFSET 0xC0000000u
#define VECTOR_PF 14
#define INTERRUPT_GATE 0x8E00
#define TRAP_GATE 0x8F00
#define GDT_ENTRIES 32

struct lguest_data lguest_data __attribute__((aligned(PAGE))) = {
        .blocked_interrupts = ~0u,
        .hcall_status = { [0 ... LHCALL_RING_SIZE - 1] = RING_FREE },
};

static u64 gdt[GDT_ENTRIES];

static u32 physical(const void *address)
{
        return (u32) address - PAGE_OFFSET;
}

u32 hcall(enum lhcall call, u32 edx, u32 ebx, u32 ecx)
{
        u32 eax = call;
        __asm__ volatile("int $0x1f" : "+a"(eax) : "d"(edx), "b"(ebx), "c"(ecx) : "memory");
        return eax;
}

void put(char c)
{
        struct lguest_dma dma = { .addr = { physical(&c) }, .len = { 1 } };
        hcall(LHCALL_SEND_DMA, CONSOLE_KEY, physical(&dma), 0);
}

void set_gate(u32 vector, void (*handler)(void), u32 dpl)
{
        u32 offset = (u32) handler;
        hcall(LHCALL_LOAD_IDT_ENTRY, vector, KERNEL_CODE << 16 | (offset & 0xFFFF),
              (offset & 0xFFFF0000) | (dpl ? TRAP_GATE : INTERRUPT_GATE) | dpl << 13);
}

void set_kernel_stack(u32 esp)
{
        hcall(LHCALL_SET_STACK, KERNEL_DATA, esp, 1);
}

/* The launcher's page tables give everything to everybody. */
void give_to_user(void *address)
{
        (void) address;
}

u32 hypercall(void)
{
        for (u32 i = 0; i < HYPERCALLS; i++)
                hcall(LHCALL_FLUSH_ASYNC, i, 0, 0);
        return HYPERCALLS;
}

/* The handler goes on behind the two bytes of the load that faulted; so nothing is measured but the way through the Host. */
extern void skip_load(void);
__asm__(".pushsection .text\n"
        "skip_load:\n"
        "       addl    $2, 4(%esp)\n"          /* EIP, above the error code */
        "       incl    %ebx\n"
        "       add     $4, %esp\n"
        "       iret\n"
        ".popsection");

u32 host_fault(void)
{
        u32 faults = 0;
        set_gate(VECTOR_PF, skip_load, 0);
        for (u32 i = 0; i < HOST_FAULTS; i++)
                __asm__ volatile("mov (%%eax), %%eax" : "+b"(faults) : "a"(0x00400000) : "memory");
        return faults;
}

static const u64 flat = 0x00CF90000000FFFF;
#define CODE (0x0BULL << 40)
#define DATA (0x03ULL << 40)
#define DPL(level) ((u64) (level) << 45)

void start(void)
{
        static const struct workload none = { NULL, NULL };
        static const struct workload host[] = {
                { "hypercall", hypercall }, { "hostfault", host_fault }, { "hostsyscall", syscall }, { NULL, NULL },
        };
        static char power_down[128] = "Power down", failed[128] = "the benchmark failed";
        hcall(LHCALL_LGUEST_INIT, physical(&lguest_data), 0, 0);
        gdt[KERNEL_CODE / 8] = flat | CODE | DPL(1);
        gdt[KERNEL_DATA / 8] = flat | DATA | DPL(1);
        gdt[USER_CODE / 8] = flat | CODE | DPL(3);
        gdt[USER_DATA / 8] = flat | DATA | DPL(3);
        hcall(LHCALL_LOAD_GDT, physical(gdt), GDT_ENTRIES, 0);
        const char *words = (const char *) (*(u32 *) (PAGE_OFFSET + BOOT_CMDLINE) + PAGE_OFFSET);
        hcall(LHCALL_CRASH, physical(run(words, host, &none) ? failed : power_down), 0, 0);
}
