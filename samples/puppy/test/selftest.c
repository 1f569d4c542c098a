/* The self-test: how it counts, catches traps and watches interrupts.  The tests are in test_*.c. */
#include "test.h"

void catch_resume(void);                                        /* probe.S */
void enter_user(u32 eip, u32 esp, u32 irq_enabled);

static u32 passed, failed;
struct caught caught;
volatile bool catching;
volatile struct seen seen;
u32 spare_key;
struct lguest_dma spare_a, spare_b;

void check(u32 statement, const char *what, u32 got, u32 want)
{
        if (got == want) {
                passed++;
                printk("ok %u %s\n", statement, what);
        } else {
                failed++;
                printk("FAIL %u %s: got 0x%x want 0x%x\n", statement, what, got, want);
        }
}

void skip(u32 statement, const char *why)
{
        printk("skip %u %s\n", statement, why);
}

/* From trap(): interrupts are the recorder's, every other trap goes to the CATCH that waits for it. */
void selftest_catch(struct frame *frame)
{
        if (!catching || (frame->vector >= FIRST_IRQ_VECTOR && frame->vector != VECTOR_SYSCALL))
                return;
        catching = false;
        caught = (struct caught){
                .vector = frame->vector, .error = frame->error, .eip = frame->eip, .cs = frame->cs,
                .eflags = frame->eflags, .cr2 = lguest_data.cr2, .irq_enabled = lguest_data.irq_enabled,
                .frame_end = from_user(frame) ? (u32)(frame + 1) : (u32)&frame->esp,
        };
        if (from_user(frame)) {
                caught.esp = frame->esp;
                caught.ss = frame->ss;
        }
        catch_resume();
}

void catch_in_user(const u8 *code, u32 bytes, u32 irq_enabled)
{
        u32 user_page = PTE_PRESENT | PTE_WRITE | PTE_USER;
        void *text = page_alloc(), *stack = page_alloc();

        memcpy(text, code, bytes);
        page_map(kernel_directory, USER_PROBE_TEXT, pa(text) | user_page);
        page_map(kernel_directory, USER_PROBE_STACK - PAGE_BYTES, pa(stack) | user_page);
        hcall(LHCALL_SET_STACK, KERNEL_DS, (u32)probe_stack_top, 1);
        CATCH(enter_user(USER_PROBE_TEXT, USER_PROBE_STACK, irq_enabled));
        hcall(LHCALL_SET_STACK, KERNEL_DS, (u32)current->kstack + KSTACK_BYTES, 1);
        page_unmap(kernel_directory, USER_PROBE_TEXT);
        page_unmap(kernel_directory, USER_PROBE_STACK - PAGE_BYTES);
        page_free(text);
        page_free(stack);
}

static void record(u32 line, struct frame *frame)
{
        seen.count++;
        seen.order = seen.order << 8 | line;
        seen.irq_enabled = lguest_data.irq_enabled;
        seen.eflags = frame->eflags;
        seen.nsec = clock_nsec();
}

void forget_seen(void)
{
        seen = (struct seen){ .count = 0 };
}

/* A Host need not look the very moment we turn interrupts on, so this is patient: up to 0.4 s. */
bool saw(u32 count)
{
        for (u32 i = 0; i < 400 && seen.count < count; i++)
                clock_delay(NSEC_PER_MSEC);
        return seen.count == count;
}

void a_while(void)
{
        clock_delay(2 * NSEC_PER_MSEC);
}

/* A read of a sector into a buffer bound to the disk's key under the line of our choice. */
bool raise_line(u32 line)
{
        static u8 sector[SECTOR_BYTES];
        static struct lguest_dma into;
        struct lguest_dma nothing = { .used_len = 0 };

        if (!disk_count || !disks[0].page->num_sectors)
                return false;
        into = (struct lguest_dma){ .addr = { pa(sector) }, .len = { sizeof sector } };
        bind(disks[0].key, &into, 1 << 8 | line);               /* the newest binding is the one used */
        disks[0].page->type = 0;
        disks[0].page->sector = 0;
        disks[0].page->bytes = sizeof sector;
        disks[0].page->result = 0;
        hcall(LHCALL_SEND_DMA, disks[0].key, pa(&nothing), 0);
        unbind(disks[0].key, &into);
        return true;
}

u32 bind(u32 key, struct lguest_dma *array, u32 count_and_irq)
{
        return hcall(LHCALL_BIND_DMA, key, pa(array), count_and_irq);
}

u32 unbind(u32 key, struct lguest_dma *array)
{
        return bind(key, array, 0);
}

/* The first page number that is not ours: RAM, the descriptors, and a page for most devices. */
u32 pfn_limit(void)
{
        u32 limit = memory_bytes() / PAGE_BYTES + 1;

        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++)
                limit += devices[slot].num_pages;
        return limit;
}

/* Nobody else may run meanwhile: the tests borrow the timer, the interrupt flag and the stack. */
void selftest(void)
{
        irq_handler *tick;

        for (struct process *p = processes + 1; p < processes + MAX_PROCESSES; p++) {
                if (p->state != FREE) {
                        printk("selftest: pid %u is in the way\n", p->pid);
                        return;
                }
        }
        passed = failed = 0;
        clock_arm(0);
        tick = irq_replace(0, record);
        a_while();                              /* for a tick already on its way */
        irq_disable();
        for (u32 line = FIRST_SPARE_LINE; line <= LAST_SPARE_LINE; line++)
                irq_request(line, "selftest", record);

        test_boot();
        test_calls();
        test_ring();
        test_interrupts();
        test_traps();
        test_paging();
        test_devices();

        for (u32 line = FIRST_SPARE_LINE; line <= LAST_SPARE_LINE; line++) {
                irq_block(line);
                irq_replace(line, NULL);
        }
        irq_replace(0, tick);
        irq_enable();
        clock_arm(TICK_NSEC);
        printk("selftest: %u ok, %u failed\n", passed, failed);
}
