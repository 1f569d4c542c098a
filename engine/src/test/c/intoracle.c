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
#include <stdint.h>

#define CODE 0x10000000u
#define CODE_BYTES 0x2000u
#define DATA 0x20000000u
#define DATA_BYTES 0x10000u
#define INT3 0xCCCCCCCCu

#define STATUS_AND_DF 0xCD5u
#define PATCHES 3

/* Registers of x87, MMX and SSE; the first as FRSTOR reads them and FNSAVE writes them. */
struct vectors {
	uint32_t fsave[27];
	uint32_t mxcsr;
	uint32_t xmm[32];
};

struct patch {
	uint32_t at;             /* offset into the data */
	uint32_t words[4];
};

struct request {
	uint32_t eip;            /* where the code goes and begins */
	uint32_t length;         /* of the code, in bytes */
	uint8_t code[96];
	uint32_t regs[8];        /* EAX ECX EDX EBX ESP EBP ESI EDI */
	uint32_t eflags;         /* status flags and DF */
	uint32_t segments[5];    /* ES SS DS FS GS */
	struct vectors vectors;
	struct patch patches[PATCHES];
};

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

struct user_desc {
	uint32_t entry, base, limit, flags;
};

#define SA_SIGINFO 4u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SEG_32BIT 1u
#define EXPAND_DOWN (1u << 1)
#define READ_ONLY (1u << 3)
#define USEABLE (1u << 6)

static struct request in;
static uint32_t *const data = (uint32_t *)DATA;
/* What the data were before the code ran. */
static uint32_t before[DATA_BYTES / 4];
static uint8_t stack[0x10000] __attribute__((aligned(16)));
static uint8_t inbox[0x10000], outbox[0x10000];
static uint32_t inbox_at, inbox_end, outbox_at;

static uint32_t call(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	uint32_t result;

	asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return result;
}

static void __attribute__((noreturn)) leave(uint32_t status)
{
	for (;;)
		call(1, status, 0, 0, 0);
}

static void flush(void)
{
	uint32_t at = 0;

	while (at < outbox_at) {
		int32_t done = call(4, 1, (uint32_t)outbox + at, outbox_at - at, 0);

		if (done <= 0)
			leave(3);
		at += done;
	}
	outbox_at = 0;
}

static void put(const void *from, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		if (outbox_at == sizeof(outbox))
			flush();
		outbox[outbox_at++] = ((const uint8_t *)from)[i];
	}
}

/* Leaves the program at the end of the input. */
static void get(void *to, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		if (inbox_at == inbox_end) {
			int32_t done = call(3, 0, (uint32_t)inbox, sizeof(inbox), 0);

			if (done <= 0) {
				flush();
				leave(done < 0 ? 3 : 0);
			}
			inbox_at = 0;
			inbox_end = done;
		}
		((uint8_t *)to)[i] = inbox[inbox_at++];
	}
}

/* Half of the pages hold noise, the others mostly zeroes, so that comparing strings takes a while. */
static void fill_data(void)
{
	uint32_t x = 1;

	for (uint32_t i = 0; i < DATA_BYTES / 4; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		data[i] = before[i] = (i >> 10 & 1) == 0 ? x : (x & 31) == 0 ? x >> 24 : 0;
	}
}

static void exchange(struct patch *patch)
{
	uint8_t *to = (uint8_t *)data + patch->at, *record = (uint8_t *)before + patch->at, *bytes = (uint8_t *)patch->words;

	for (uint32_t i = 0; i < sizeof(patch->words); i++) {
		uint8_t old = record[i];

		to[i] = record[i] = bytes[i];
		bytes[i] = old;
	}
}

static void copy(uint32_t *to, const uint32_t *from, uint32_t words)
{
	for (uint32_t i = 0; i < words; i++)
		to[i] = from[i];
}

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
	for (int i = PATCHES - 1; i >= 0; i--)
		exchange(&in.patches[i]);
}

static void prepare(struct context *c)
{
	get(&in, sizeof(in));
	for (uint32_t i = 0; i < CODE_BYTES / 4; i++)
		((uint32_t *)CODE)[i] = INT3;
	for (uint32_t i = 0; i < in.length && in.eip + i < CODE + CODE_BYTES; i++)
		((uint8_t *)in.eip)[i] = in.code[i];
	for (int i = 0; i < PATCHES; i++)
		exchange(&in.patches[i]);
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

static void map(uint32_t at, uint32_t bytes, uint32_t protection)
{
	/* MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_POPULATE, in the order of the old mmap's memory block */
	uint32_t arguments[6] = {at, bytes, protection, 0x8032, -1, 0};

	if (call(90, (uint32_t)arguments, 0, 0, 0) != at)
		leave(4);
}

static void segment(uint32_t entry, uint32_t limit, uint32_t flags)
{
	struct user_desc segment = {entry, DATA, limit, flags | USEABLE};

	if (call(243, (uint32_t)&segment, 0, 0, 0) != 0)
		leave(2);
}

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
	map(CODE, CODE_BYTES, 7);
	map(DATA, DATA_BYTES, 3);
	segment(12, 0xFFFF, SEG_32BIT);
	segment(13, 0x7FFF, SEG_32BIT | EXPAND_DOWN);
	segment(14, 0xFFFF, SEG_32BIT | READ_ONLY);
	fill_data();
	call(186, (uint32_t)alternate, 0, 0, 0);
	for (uint32_t i = 0; i < sizeof(signals); i++)
		call(174, signals[i], (uint32_t)&action, 0, 8);
	/* An endless loop ends here: alarm(60). */
	call(27, 60, 0, 0, 0);
	asm volatile("int3");
	leave(5);
}
