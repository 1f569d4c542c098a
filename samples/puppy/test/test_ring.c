/*
 * Statements 30 to 34: the ring.  What a slot did is seen from what BIND_DMA has bound.
 *
 * Slots are counted from next_ring_slot(), where the Host's cursor is too.
 */
#include "test.h"

static u32 slot(u32 ahead)
{
        return (next_ring_slot() + ahead) % LHCALL_RING_SIZE;
}

static u8 status(u32 ahead)
{
        return *(volatile u8 *)&lguest_data.hcall_status[slot(ahead)];
}

static void put(u32 ahead, enum lhcall call, u32 edx, u32 ebx, u32 ecx)
{
        lguest_data.hcalls[slot(ahead)] = (struct hcall_ring){ call, edx, ebx, ecx };
        asm volatile("" ::: "memory");
        *(volatile u8 *)&lguest_data.hcall_status[slot(ahead)] = 0;
}

static void flush(void)
{
        hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
}

static void test_order(void)
{
        u32 key = pa(&spare_key);

        put(0, LHCALL_BIND_DMA, key, pa(&spare_a), SPARE_KEY_IRQ);
        put(1, LHCALL_BIND_DMA, key, pa(&spare_a), 0);
        put(2, LHCALL_BIND_DMA, key, pa(&spare_b), SPARE_KEY_IRQ);
        flush();
        check(30, "three ready slots are free after FLUSH_ASYNC", status(0) & status(1) & status(2), RING_FREE);
        check(30, "the fourth is as it was", status(3), RING_FREE);
        skip_ring_slots(3);
        check(30, "they were executed in order: unbound last but one", unbind(key, &spare_a), 0);
        check(30, "they were executed in order: bound last", unbind(key, &spare_b), 1);
}

static void test_gap(void)
{
        u32 key = pa(&spare_key);

        put(2, LHCALL_BIND_DMA, key, pa(&spare_a), SPARE_KEY_IRQ);
        flush();
        check(31, "a ready slot beyond a free one waits", status(2), 0);
        check(31, "and has not been executed", unbind(key, &spare_a), 0);
        put(0, LHCALL_FLUSH_ASYNC, 0, 0, 0);
        put(1, LHCALL_FLUSH_ASYNC, 0, 0, 0);
        flush();
        check(31, "it is, when the gap is filled", unbind(key, &spare_a), 1);
        skip_ring_slots(3);
}

static void test_wrap(void)
{
        u32 done = 0;

        for (u32 i = 0; i < LHCALL_RING_SIZE + 6; i++) {
                put(0, LHCALL_FLUSH_ASYNC, 0, 0, 0);
                flush();
                done += status(0) == RING_FREE;
                skip_ring_slots(1);
        }
        check(32, "the cursor wraps, and stays between drains", done, LHCALL_RING_SIZE + 6);
}

static void test_words(void)
{
        u32 *words = (u32 *)((u8 *)&lguest_data + 0x54 + 16 * slot(0));

        words[0] = LHCALL_BIND_DMA;
        words[1] = pa(&spare_key);
        words[2] = pa(&spare_a);
        words[3] = SPARE_KEY_IRQ;
        asm volatile("" ::: "memory");
        *(volatile u8 *)&lguest_data.hcall_status[slot(0)] = 0;
        flush();
        skip_ring_slots(1);
        check(33, "words of a slot: EAX, EDX, EBX, ECX", unbind(pa(&spare_key), &spare_a), 1);
}

static void test_send_in_ring(void)
{
        static char text[] = "# this line has come through the ring\n";
        static struct lguest_dma dma;
        u32 key = pa(&spare_key);

        dma = (struct lguest_dma){ .addr = { pa(text) }, .len = { sizeof text - 1 } };
        put(0, LHCALL_SEND_DMA, CONSOLE_KEY, pa(&dma), 0);
        put(1, LHCALL_BIND_DMA, key, pa(&spare_a), SPARE_KEY_IRQ);
        check(34, "SEND_DMA in a slot: the direct call comes after the next slot", unbind(key, &spare_a), 1);
        check(34, "both slots are done before we resume", status(0) & status(1), RING_FREE);
        check(34, "and the launcher has printed", *(volatile u32 *)&dma.used_len, sizeof text - 1);
        skip_ring_slots(2);
}

void test_ring(void)
{
        flush();
        test_order();
        test_gap();
        test_wrap();
        test_words();
        test_send_in_ring();
}
