/* What a process may ask for. */
#include "puppy.h"
#include "syscalls.h"

static u32 sys_write(u32 text, u32 bytes)
{
        if (!user_range(text, bytes, false))
                return -1;
        for (u32 done = 0; done < bytes;) {     /* the Host wants physical memory: by way of ours */
                char buffer[128];
                u32 part = bytes - done < sizeof buffer ? bytes - done : sizeof buffer;
                memcpy(buffer, (const char *)text + done, part);
                console_write(buffer, part);
                done += part;
        }
        return bytes;
}

static u32 sys_yield(void)
{
        u32 enabled = irq_save();

        schedule();
        irq_restore(enabled);
        return 0;
}

static u32 sys_sleep(u32 msec)
{
        process_sleep((msec < 4000 ? msec : 4000) * NSEC_PER_MSEC);
        return 0;
}

static u32 sys_uptime(void)
{
        u32 rest;

        return divide(clock_nsec(), NSEC_PER_MSEC, &rest);
}

/* Only moves the limit: the pages come when they are touched. */
static u32 sys_sbrk(u32 bytes)
{
        u32 start = current->heap_end;

        if (bytes > USER_HEAP + USER_HEAP_BYTES - start)
                return -1;
        current->heap_end += bytes;
        return start;
}

static u32 answer(enum syscall number, u32 first, u32 second)
{
        switch (number) {
        case SYS_EXIT:    process_exit(first);
        case SYS_WRITE:   return sys_write(first, second);
        case SYS_GETPID:  return current->pid;
        case SYS_YIELD:   return sys_yield();
        case SYS_SLEEP:   return sys_sleep(first);
        case SYS_TICKS:   return clock_ticks;
        case SYS_UPTIME:  return sys_uptime();
        case SYS_SBRK:    return sys_sbrk(first);
        case SYS_FAULTS:  return current->faults;
        }
        return -1;
}

void syscall(struct frame *frame)
{
        current->syscalls++;
        frame->eax = answer(frame->eax, frame->ebx, frame->ecx);
}
