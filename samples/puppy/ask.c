/* Devices of other types, which scripts serve: a text goes to one, and a text comes back. */
#include "puppy.h"

#define MAX_ANSWER 256

struct conversation {
        struct lguest_dma bound;
        char text[MAX_ANSWER];
        bool open;
};

static struct conversation conversations[LGUEST_MAX_DEVICES];

/* The Host fills `used_len` when it fills the buffer; whoever asked is waiting for that. */
static void answered(u32 line, struct frame *frame)
{
        (void)line;
        (void)frame;
}

static bool open(u32 slot)
{
        struct conversation *with = &conversations[slot];

        if (with->open)
                return true;
        device_status(slot, STATUS_DRIVER);
        with->bound = (struct lguest_dma){ .used_len = 1, .addr = { pa(with->text) }, .len = { MAX_ANSWER - 1 } };
        if (!hcall(LHCALL_BIND_DMA, devices[slot].pfn * PAGE_BYTES, pa(&with->bound), 1 << 8 | (slot + 1)))
                return false;
        irq_request(slot + 1, "ask", answered);
        device_status(slot, STATUS_DRIVER_OK);
        return with->open = true;
}

/* Asks the first device of a type. Returns its answer, which lasts until the next one; null if there is none, or ^C comes first. */
const char *ask(u32 type, const char *text)
{
        u32 slot = 0;

        while (slot < LGUEST_MAX_DEVICES && devices[slot].type != type)
                slot++;
        if (slot == LGUEST_MAX_DEVICES || !open(slot))
                return 0;
        struct conversation *with = &conversations[slot];
        struct lguest_dma question = { .addr = { pa(text) }, .len = { strlen(text) } };
        volatile u32 *used = &with->bound.used_len;
        *used = 0;
        hcall(LHCALL_SEND_DMA, devices[slot].pfn * PAGE_BYTES, pa(&question), 0);
        wait_until(*used || console_interrupted);
        if (console_interrupted) {
                console_interrupted = false;
                return 0;
        }
        with->text[*used < MAX_ANSWER ? *used : MAX_ANSWER - 1] = 0;
        return with->text;
}
