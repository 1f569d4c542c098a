/*
 * Runs pieces of 32-bit code on the processor at hand: the reference for IntegerOracleSlowSpec and
 * SimdOracleSlowSpec.
 *
 * Reads requests from standard input until it ends and answers each on standard output (both little-endian, no padding). The
 * code runs in two pages of INT3 and works on 64 KiB of data, both between unmapped pages; every run begins with a return from
 * a signal handler, which loads all registers, and ends with a signal, which saves them. There is no C library in here: a piece
 * of code may do as it likes with segment registers, and whatever it reaches beyond its own pages is close to nothing.
 *
 *     gcc -m32 -O2 -ffreestanding -nostdlib -static -fno-pic -no-pie -fno-stack-protector -fcf-protection=none -o intoracle intoracle.c
 *
 * Exits with 2 where the kernel is not a 64-bit Linux, whose selectors the requests name.
 */
#include "oracle.h"

#define STATUS_AND_DF 0xCD5u
struct answer {
	uint32_t regs[8];
	uint32_t eip;
	uint32_t eflags;
	uint32_t segments[6];    /* ES CS SS DS FS GS */
	uint32_t trap;           /* vector */
	uint32_t error;
	uint32_t cr2;            /* meaningful after #PF */
	struct vectors vectors;
	uint32_t changes;        /* so many pairs follow: offset into the data, word that is there now */
};

/* Linux' i386 struct _fpstate: what FNSAVE writes, a word of its own, and what FXSAVE writes. */
struct fpstate {
	uint32_t fsave[27];
	uint32_t magic;
	uint32_t environment[6];
	uint32_t mxcsr, mxcsr_mask;
	uint32_t registers[32];
	uint32_t xmm[32];
};

/* Linux' i386 struct sigcontext, ucontext and friends. */
struct context {
	uint32_t flags, link, stack[3];
	uint32_t gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t trap, error, eip, cs, eflags, esp_at_signal, ss;
	struct fpstate *fpstate;
	uint32_t oldmask, cr2;
};

struct action {
	void (*handler)(int, void *, struct context *);
	uint32_t flags;
	void (*restorer)(void);
	uint32_t mask[2];
};

#define SA_SIGINFO 4u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
static uint8_t stack[0x10000] __attribute__((aligned(16)));
static void report(const struct context *c)
{
	struct answer out = {
		.regs = {c->eax, c->ecx, c->edx, c->ebx, c->esp, c->ebp, c->esi, c->edi},
		.eip = c->eip,
		.eflags = c->eflags,
		.segments = {c->es & 0xFFFF, c->cs & 0xFFFF, c->ss & 0xFFFF, c->ds & 0xFFFF, c->fs & 0xFFFF, c->gs & 0xFFFF},
		.trap = c->trap,
		.error = c->error,
		.cr2 = c->cr2,
	};

	copy(out.vectors.fsave, c->fpstate->fsave, 27);
	out.vectors.mxcsr = c->fpstate->mxcsr;
	copy(out.vectors.xmm, c->fpstate->xmm, 32);
	for (uint32_t i = 0; i < DATA_BYTES / 4; i++)
		out.changes += data[i] != before[i];
	put(&out, sizeof(out));
	for (uint32_t i = 0; out.changes != 0; i++) {
		if (data[i] != before[i]) {
			uint32_t change[2] = {4 * i, data[i]};

			put(change, sizeof(change));
			data[i] = before[i];
			out.changes--;
		}
	}
	clear_place();
}

static void prepare(struct context *c)
{
	put_in_place();
	c->eax = in.regs[0];
	c->ecx = in.regs[1];
	c->edx = in.regs[2];
	c->ebx = in.regs[3];
	c->esp = in.regs[4];
	c->ebp = in.regs[5];
	c->esi = in.regs[6];
	c->edi = in.regs[7];
	c->eip = in.eip;
	c->eflags = in.eflags & STATUS_AND_DF;
	c->es = in.segments[0];
	c->cs = 0x23;
	c->ss = in.segments[1];
	c->ds = in.segments[2];
	c->fs = in.segments[3];
	c->gs = in.segments[4];
	copy(c->fpstate->fsave, in.vectors.fsave, 27);
	c->fpstate->mxcsr = in.vectors.mxcsr;
	copy(c->fpstate->xmm, in.vectors.xmm, 32);
}

/* The first signal comes from main, all others from requests. */
static void signalled(int signal, void *info, struct context *c)
{
	static int running;

	/* What the kernel does not restore and code may have set: NT, AC, ID. */
	asm volatile("pushl $0x202\n\tpopfl" ::: "cc", "memory");
	if (running)
		report(c);
	running = 1;
	prepare(c);
}

asm("return_from_signal:\n\tmovl $173, %eax\n\tint $0x80");
extern void return_from_signal(void);

void _start(void)
{
	struct action action = {signalled, SA_SIGINFO | SA_ONSTACK | SA_RESTORER, return_from_signal, {0, 0}};
	uint32_t alternate[3] = {(uint32_t)stack, 0, sizeof(stack)};
	static const uint8_t signals[] = {4, 5, 7, 8, 11}; /* ILL TRAP BUS FPE SEGV */
	uint32_t cs;

	/* A kernel may leave out of a signal's frame what has never been used. */
	asm volatile("fninit\n\txorps %%xmm0, %%xmm0" ::: "memory");
	asm volatile("mov %%cs, %0" : "=r"(cs));
	if ((cs & 0xFFFF) != 0x23)
		leave(2);
	map_all(MAP_PRIVATE);
	call(186, (uint32_t)alternate, 0, 0, 0);
	for (uint32_t i = 0; i < sizeof(signals); i++)
		call(174, signals[i], (uint32_t)&action, 0, 8);
	/* An endless loop ends here: alarm(60). */
	call(27, 60, 0, 0, 0);
	asm volatile("int3");
	leave(5);
}
