/* Asking the Host: at once, or through the ring. */
#include "puppy.h"

extern char noirq_start[], noirq_end[];

/*
 * The page we share with the Host.  It has to look like this before LGUEST_INIT: every line
 * blocked until somebody requests it, every slot of the ring free.
 */
struct lguest_data lguest_data __attribute__((aligned(PAGE_BYTES))) = {
        .blocked_interrupts = ~0u,
        .hcall_status = { [0 ... LHCALL_RING_SIZE - 1] = RING_FREE },
        .noirq_start = (u32)noirq_start,
        .noirq_end = (u32)noirq_end,
};

/* A hypercall.  The Host keeps every register, but for EAX of BIND_DMA, which is the answer. */
u32 hcall(enum lhcall call, u32 edx, u32 ebx, u32 ecx)
{
        u32 eax = call;

        asm volatile("int $0x1f" : "+a"(eax) : "d"(edx), "b"(ebx), "c"(ecx) : "memory");
        return eax;
}

static u32 next_slot;           /* the Host has a cursor of its own, which agrees */

u32 next_ring_slot(void)
{
        return next_slot;
}

/* For who fills slots by hand: the next `count` are taken. */
void skip_ring_slots(u32 count)
{
        next_slot = (next_slot + count) % LHCALL_RING_SIZE;
}

/*
 * A hypercall that may wait: it costs two stores now, and is made when the Host next has the
 * processor for another reason.  The Host drains the ring before it looks at a direct hypercall,
 * so order is kept even when the ring is full and we have to call directly.
 */
void async_hcall(enum lhcall call, u32 edx, u32 ebx, u32 ecx)
{
        u32 enabled = irq_save();
        volatile u8 *status = &lguest_data.hcall_status[next_slot];

        if (*status != RING_FREE) {
                hcall(call, edx, ebx, ecx);
        } else {
                lguest_data.hcalls[next_slot] = (struct hcall_ring){ call, edx, ebx, ecx };
                asm volatile("" ::: "memory");
                *status = 0;
                skip_ring_slots(1);
        }
        irq_restore(enabled);
}

void lguest_init(void)
{
        hcall(LHCALL_LGUEST_INIT, pa(&lguest_data), 0, 0);
}

/* The end of the guest, with a reason: at most 127 characters. */
void crash(const char *reason)
{
        static char text[128];

        u32 length = strlen(reason);
        memcpy(text, reason, length < sizeof text ? length : sizeof text - 1);
        hcall(LHCALL_CRASH, pa(text), 0, 0);
        __builtin_unreachable();
}

/* Generation 1 has no other way to end than to crash with these words. */
void power_off(void)
{
        crash("Power down");
}
