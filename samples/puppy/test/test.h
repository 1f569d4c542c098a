/* What the groups of the self-test share. */
#ifndef PUPPY_TEST_H
#define PUPPY_TEST_H

#include "puppy.h"

/* One line of the report.  Numbers are those of the checklist of statements in README.md. */
void check(u32 statement, const char *what, u32 got, u32 want);
void skip(u32 statement, const char *why);

/*
 * CATCH(code) runs code that may trap.  Afterwards `caught` says what happened, with vector NO_TRAP
 * if nothing did, and interrupts are off.
 */
#define NO_TRAP 0x100

struct caught {
        u32 vector, error, eip, cs, eflags;
        u32 esp, ss;                    /* if it came from user mode */
        u32 cr2;
        u32 irq_enabled;                /* inside the handler */
        u32 frame_end;                  /* address just above what was pushed */
};
extern struct caught caught;
extern volatile bool catching;
int catch_mark(void) __attribute__((returns_twice));            /* probe.S */

#define CATCH(code)                                                     \
        do {                                                            \
                caught = (struct caught){ .vector = NO_TRAP };          \
                if (!catch_mark()) {                                    \
                        catching = true;                                \
                        code;                                           \
                        catching = false;                               \
                }                                                       \
                irq_disable();                                          \
        } while (0)

/* Runs bytes of code in user mode until they trap; the rest is as for CATCH. */
#define USER_PROBE_TEXT  (SCRATCH + 0x100000)
#define USER_PROBE_STACK (SCRATCH + 0x102000)
void catch_in_user(const u8 *code, u32 bytes, u32 irq_enabled);
extern u8 probe_stack_top[];            /* where such traps push */

/* probe.S */
void hcall_registers(u32 registers[7]); /* EAX EBX ECX EDX ESI EDI EBP, before and after */

/* Interrupts seen by the recorder, which serves the lines the test borrows. */
struct seen {
        u32 count;
        u32 order;                      /* line numbers in hexadecimal, two digits each, oldest first */
        u32 irq_enabled;                /* inside the last */
        u32 eflags;                     /* image of the last */
        u64 nsec;                       /* time of the last */
};
extern volatile struct seen seen;
enum { FIRST_SPARE_LINE = 29, LAST_SPARE_LINE = 31 };           /* beyond any device's */
void forget_seen(void);
bool saw(u32 count);                    /* waits for that many, not for ever; interrupts must be on */
void a_while(void);                     /* long enough for a timer of SOON to expire */
#define SOON (200 * 1000)               /* ns */

/* Makes a spare line pending, by way of the first disk.  False if there is no disk. */
bool raise_line(u32 line);

/* Bindings nobody serves, to see what BIND_DMA answers. */
enum { SPARE_KEY_IRQ = 1 << 8 | FIRST_SPARE_LINE };
extern u32 spare_key;                   /* its physical address is a key */
extern struct lguest_dma spare_a, spare_b;
u32 bind(u32 key, struct lguest_dma *array, u32 count_and_irq);
u32 unbind(u32 key, struct lguest_dma *array);
u32 pfn_limit(void);

void test_boot(void);
void test_calls(void);
void test_ring(void);
void test_interrupts(void);
void test_traps(void);
void test_paging(void);
void test_devices(void);

#endif
