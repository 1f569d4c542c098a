/* Asks for 32 pages and gets them one by one, each when first touched; then some of stack. */
#include "user.h"

#define PAGES 32
#define PAGE_BYTES 4096

/* Returns the sum of what it writes, one byte to a page. */
static u32 touch_stack(u32 depth)
{
        volatile u8 page[PAGE_BYTES];

        page[0] = depth;
        u32 deeper = depth ? touch_stack(depth - 1) : 0;
        return page[0] + deeper;
}

int main(u32 argument)
{
        (void)argument;
        u32 before = faults(), dirty = 0;
        volatile u8 *heap = sbrk(PAGES * PAGE_BYTES);

        for (u32 i = 0; i < PAGES; i++) {
                if (heap[i * PAGE_BYTES])
                        dirty++;
                heap[i * PAGE_BYTES] = i;
        }
        u32 for_heap = faults() - before;
        u32 sum = touch_stack(8);
        struct line line = { .length = 0 };
        text(number(text(&line, "grow: "), for_heap, 1), " pages of heap, ");
        text(number(text(number(&line, faults() - before - for_heap, 1), " of stack, "), dirty, 1), " not zero\n");
        say(&line);
        return for_heap != PAGES || dirty || sum != 36;
}
