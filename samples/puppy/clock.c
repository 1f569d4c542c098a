/* Time: what it is now, and being told when it is later. */
#include "puppy.h"

u32 clock_ticks;
static u64 start_cycles;
static u32 start_sec, start_nsec;

static inline u64 cycles(void)
{
        u64 counter;

        asm volatile("rdtsc" : "=A"(counter));
        return counter;
}

/*
 * If the Host vouches for the time stamp counter we count its cycles; else all we have is the wall
 * clock in lguest_data, which moves when an interrupt arrives.
 */
u64 clock_nsec(void)
{
        volatile struct lguest_data *shared = &lguest_data;
        u32 khz = shared->tsc_khz, rest;

        if (!khz)
                return (u64)(shared->time_sec - start_sec) * NSEC_PER_SEC + shared->time_nsec - start_nsec;
        u64 msec = divide(cycles() - start_cycles, khz, &rest);
        return msec * NSEC_PER_MSEC + divide((u64)rest * NSEC_PER_MSEC, khz, &rest);
}

void clock_arm(u32 nsec)
{
        hcall(LHCALL_SET_CLOCKEVENT, nsec, 0, 0);
}

void clock_delay(u32 nsec)
{
        if (lguest_data.tsc_khz) {
                u64 until = clock_nsec() + nsec;
                while (clock_nsec() < until)
                        ;
        } else {
                for (volatile u32 loops = nsec / 4; loops; loops--)
                        ;
        }
}

static void tick(u32 line, struct frame *frame)
{
        (void)line, (void)frame;
        clock_ticks++;
        current->ticks++;
        request_preemption();
        clock_arm(TICK_NSEC);
}

void clock_init(void)
{
        start_cycles = cycles();
        start_sec = lguest_data.time_sec;
        start_nsec = lguest_data.time_nsec;
        irq_request(0, "timer", tick);
        clock_arm(TICK_NSEC);
}

void print_nsec(u64 nsec)
{
        u32 rest, seconds = divide(nsec, NSEC_PER_SEC, &rest);

        printk("%u.%06u", seconds, rest / 1000);
}

/* Days since 1970 to a date, counting in eras of 400 years that begin in March. */
static void print_date(u32 seconds)
{
        u32 days = seconds / 86400 + 719468, era = days / 146097, day_of_era = days % 146097;
        u32 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        u32 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        u32 march_month = (5 * day_of_year + 2) / 153;
        u32 day = day_of_year - (153 * march_month + 2) / 5 + 1;
        u32 month = march_month < 10 ? march_month + 3 : march_month - 9;
        u32 year = year_of_era + era * 400 + (month <= 2);

        printk("%04u-%02u-%02u %02u:%02u:%02u UTC", year, month, day, seconds / 3600 % 24,
               seconds / 60 % 60, seconds % 60);
}

void clock_show(void)
{
        u64 up = clock_nsec();
        u32 rest, now = start_sec + divide(up + start_nsec, NSEC_PER_SEC, &rest);

        print_date(now);
        printk(" (%u), up ", now);
        print_nsec(up);
        if (lguest_data.tsc_khz)
                printk(" s, clock: time stamp counter at %u kHz\n", lguest_data.tsc_khz);
        else
                printk(" s, clock: lguest_data.time\n");
}
