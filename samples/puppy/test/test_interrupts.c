/* Statements 35 to 42: virtual interrupts, the timer, HALT. */
#include "test.h"

void noirq_wait(u32 loops, volatile u32 *sample, u32 *into);    /* trap_entry.S */

static void test_timer(void)
{
        u64 start = clock_nsec();

        forget_seen();
        clock_arm(NSEC_PER_MSEC);
        irq_enable();
        check(35, "SET_CLOCKEVENT(1000000) interrupts", saw(1), true);
        check(35, "irq_enabled is 0 inside", seen.irq_enabled, 0);
        check(35, "IF is set in the EFLAGS image", seen.eflags & EFLAGS_IF, EFLAGS_IF);
        if (lguest_data.tsc_khz)
                check(35, "not before 1 ms, not after 100 ms",
                      seen.nsec - start >= NSEC_PER_MSEC && seen.nsec - start < 100 * NSEC_PER_MSEC, true);
        else
                skip(35, "time of delivery: no time stamp counter");
        irq_disable();
}

static void test_disabled(void)
{
        forget_seen();
        clock_arm(SOON);
        a_while();
        check(36, "irq_enabled 0: nothing is delivered", seen.count, 0);
        irq_enable();
        check(36, "until it is not 0", saw(1), true);
        irq_disable();
}

static void test_blocked(void)
{
        forget_seen();
        irq_block(0);
        irq_enable();
        clock_arm(SOON);
        a_while();
        check(37, "a blocked line: nothing is delivered", seen.count, 0);
        irq_unblock(0);
        check(37, "until it is unblocked", saw(1), true);
        irq_disable();
}

static void test_window(void)
{
        u32 inside = 99;

        forget_seen();
        clock_arm(SOON);
        noirq_wait(5000000, &seen.count, &inside);
        check(38, "nothing between noirq_start and noirq_end", inside, 0);
        check(38, "it comes outside", saw(1), true);
        irq_disable();
}

static void test_priority(void)
{
        irq_block(29);
        irq_block(31);
        forget_seen();
        raise_line(31);
        raise_line(29);
        irq_enable();
        a_while();
        check(39, "two lines blocked and pending", seen.count, 0);
        irq_disable();
        irq_unblock(29);
        irq_unblock(31);
        irq_enable();
        saw(2);
        check(39, "the lower line comes first", seen.order, 29 << 8 | 31);
        irq_disable();
}

static void test_halt(void)
{
        forget_seen();
        clock_arm(NSEC_PER_MSEC);
        hcall(LHCALL_HALT, 0, 0, 0);
        check(40, "HALT with irq_enabled 0 ends with the timer", seen.count, 1);
        check(40, "irq_enabled was 0 inside", seen.irq_enabled, 0);
        check(40, "IF was set in the EFLAGS image", seen.eflags & EFLAGS_IF, EFLAGS_IF);
        irq_disable();
}

static void test_halt_blocked(void)
{
        irq_block(30);
        forget_seen();
        raise_line(30);
        clock_arm(5 * NSEC_PER_MSEC);
        hcall(LHCALL_HALT, 0, 0, 0);
        check(41, "HALT goes on while the only pending line is blocked", seen.order, 0);
        check(41, "and ends with the timer", seen.count, 1);
        irq_unblock(30);
        irq_enable();
        saw(2);
        check(41, "the other line comes when unblocked", seen.order, 30);
        irq_disable();
}

static void test_cancel(void)
{
        forget_seen();
        irq_enable();
        clock_arm(SOON);
        clock_arm(0);
        a_while();
        check(42, "SET_CLOCKEVENT(0) cancels", seen.count, 0);
        clock_arm(SOON);
        clock_arm(200 * NSEC_PER_MSEC);
        a_while();
        check(42, "a second SET_CLOCKEVENT replaces the first", seen.count, 0);
        hcall(LHCALL_HALT, 0, 0, 0);
        check(42, "and comes in its turn", seen.count, 1);
        irq_disable();
}

void test_interrupts(void)
{
        test_timer();
        test_disabled();
        test_blocked();
        test_window();
        if (disk_count)
                test_priority();
        else
                skip(39, "order of two lines: no disk to raise them");
        test_halt();
        if (disk_count)
                test_halt_blocked();
        else
                skip(41, "HALT with a blocked line: no disk to raise it");
        test_cancel();
}
