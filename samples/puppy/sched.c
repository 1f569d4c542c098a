/* Processes: each a directory, a kernel stack and a turn. */
#include "puppy.h"

extern u8 boot_stack[];
void switch_stacks(u32 *save, u32 load);        /* switch.S */
void leave(void);                               /* trap_entry.S: back from a trap frame */

struct process processes[MAX_PROCESSES], *current = &processes[0];
static u32 last_pid;
static bool preemption_requested;

static u32 kstack_top(const struct process *process)
{
        return (u32)process->kstack + KSTACK_BYTES;
}

/* We have been a process all along: the one that booted, pid 0, and becomes the shell. */
void sched_init(void)
{
        *current = (struct process){
                .state = READY, .name = "shell", .directory = kernel_directory,
                .kstack = boot_stack + PAGE_BYTES,
        };
        hcall(LHCALL_SET_STACK, KERNEL_DS, kstack_top(current), 1);
}

/*
 * A change of process is four hypercalls.  Through the ring they cost one trip to the Host: the
 * flush at the end, needed because the new process's GS is loaded from the new descriptors.
 */
static void switch_to(struct process *next)
{
        struct process *previous = current;

        current = next;
        next->switches++;
        async_hcall(LHCALL_SET_STACK, KERNEL_DS, kstack_top(next), 1);
        async_hcall(LHCALL_LOAD_TLS, pa(next->tls), 0, 0);
        async_hcall(LHCALL_NEW_PGTABLE, pa(next->directory), 0, 0);
        fpu_switch(next);
        hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
        switch_stacks(&previous->esp, next->esp);
}

/* Wakes the sleepers whose time has come; returns how long the next one has, or 0 if none sleeps. */
static u32 wake_sleepers(void)
{
        u64 now = clock_nsec(), earliest = ~0ull;

        for (struct process *p = processes; p < processes + MAX_PROCESSES; p++) {
                if (p->state != SLEEPING)
                        continue;
                if (p->wake_nsec <= now)
                        p->state = READY;
                else if (p->wake_nsec < earliest)
                        earliest = p->wake_nsec;
        }
        if (earliest == ~0ull)
                return 0;
        return earliest - now < NSEC_PER_SEC ? earliest - now : NSEC_PER_SEC;
}

/* The next one after the current that could run: everybody gets a turn. */
static struct process *next_ready(void)
{
        u32 from = current - processes;

        for (u32 i = 1; i <= MAX_PROCESSES; i++) {
                struct process *candidate = &processes[(from + i) % MAX_PROCESSES];
                if (candidate->state == READY)
                        return candidate;
        }
        return NULL;
}

/*
 * Nobody wants the processor.  No tick either: only the next sleeper, or a device, need wake us.
 * HALT with interrupts off is right: the Host turns them on to deliver the one that ends it, so
 * none can slip in between the decision to sleep and the sleep.
 */
static void idle(u32 nsec)
{
        clock_arm(nsec);
        hcall(LHCALL_HALT, 0, 0, 0);
        irq_disable();
}

/* Gives the processor to somebody who can use it, and returns when it is our turn again. */
void schedule(void)
{
        struct process *next;
        u32 sleep_nsec = wake_sleepers();
        bool idled = false;

        while (!(next = next_ready())) {
                idle(sleep_nsec);
                idled = true;
                sleep_nsec = wake_sleepers();
        }
        if (idled)
                clock_arm(TICK_NSEC);
        preemption_requested = false;
        if (next != current)
                switch_to(next);
}

void request_preemption(void)
{
        preemption_requested = true;
}

void preempt(void)
{
        if (preemption_requested)
                schedule();
}

/* Everybody who waits for something looks again: simple, and with sixteen of us, quick enough. */
void wake_waiting(void)
{
        for (struct process *p = processes; p < processes + MAX_PROCESSES; p++)
                if (p->state == WAITING)
                        p->state = READY;
}

void process_sleep(u32 nsec)
{
        u32 enabled = irq_save();

        current->wake_nsec = clock_nsec() + nsec;
        current->state = SLEEPING;
        schedule();
        irq_restore(enabled);
}

/* Copies a program to where it was linked, and gives it a page that GS will point to. */
static bool load_program(struct process *process, const struct program *program)
{
        u32 user_page = PTE_PRESENT | PTE_WRITE | PTE_USER;
        u32 bytes = program->end - program->start;

        for (u32 at = 0; at < bytes; at += PAGE_BYTES) {
                void *page = page_alloc();
                if (!page || !page_map(process->directory, USER_TEXT + at, pa(page) | user_page))
                        return false;
                memcpy(page, program->start + at, bytes - at < PAGE_BYTES ? bytes - at : PAGE_BYTES);
        }
        u32 *tls = page_alloc();
        if (!tls || !page_map(process->directory, USER_TLS, pa(tls) | user_page))
                return false;
        tls[0] = USER_TLS;
        tls[1] = process->pid;
        process->tls[0] = descriptor(USER_TLS, PAGE_BYTES - 1, TLS_ACCESS);
        return true;
}

/*
 * A kernel stack that looks as if the process had trapped from its first instruction, and then
 * called switch_stacks: the first switch to it returns into `leave`, which returns to user mode.
 */
static void prepare_stack(struct process *process, u32 argument)
{
        struct frame *frame = (struct frame *)kstack_top(process) - 1;
        u32 *stack = (u32 *)frame;

        frame->gs = USER_GS;
        frame->ds = frame->es = frame->ss = USER_DS;
        frame->cs = USER_CS;
        frame->eip = USER_TEXT;
        frame->esp = USER_STACK;
        frame->eflags = EFLAGS_IF;
        frame->eax = argument;
        *--stack = (u32)leave;
        stack -= 4;                             /* EDI, ESI, EBX, EBP */
        process->esp = (u32)stack;
}

struct process *process_spawn(const char *name, u32 argument)
{
        const struct program *program = programs;
        struct process *process = processes + 1;

        while (program->name && strcmp(program->name, name))
                program++;
        while (process < processes + MAX_PROCESSES && process->state != FREE)
                process++;
        if (!program->name || process == processes + MAX_PROCESSES)
                return NULL;

        *process = (struct process){ .pid = ++last_pid, .name = program->name, .heap_end = USER_HEAP };
        process->kstack = page_alloc();
        process->directory = process->kstack ? directory_alloc() : NULL;
        if (!process->directory || !load_program(process, program)) {
                process_reap(process);
                return NULL;
        }
        prepare_stack(process, argument);
        process->state = READY;
        return process;
}

/* What is left is for the shell to look at and reap: nobody can free the stack they stand on. */
void process_exit(int status)
{
        irq_disable();
        fpu_forget(current);
        current->status = status;
        current->state = ZOMBIE;
        wake_waiting();
        schedule();
        panic("pid %u has returned from the dead", current->pid);
}

void process_reap(struct process *process)
{
        if (process->directory)
                directory_free(process->directory);
        if (process->kstack)
                page_free(process->kstack);
        process->state = FREE;
}

void process_kill_all(void)
{
        for (struct process *p = processes + 1; p < processes + MAX_PROCESSES; p++) {
                if (p->state == FREE || p->state == ZOMBIE)
                        continue;
                p->doomed = true;
                p->state = READY;
        }
}

void process_show(void)
{
        static const char *const states[] = { "free", "ready", "sleeping", "waiting", "zombie" };

        printk("pid  state     ticks  switches  faults  fpu traps  syscalls  name\n");
        for (struct process *p = processes; p < processes + MAX_PROCESSES; p++)
                if (p->state != FREE)
                        printk("%3u  %-8s  %5u  %8u  %6u  %9u  %8u  %s\n", p->pid,
                               p == current ? "running" : states[p->state], p->ticks, p->switches,
                               p->faults, p->fpu_traps, p->syscalls, p->name);
}
