/*
 * Runs pieces of 32-bit code on the processor at hand with its debug registers set: the reference for DebugOracleSlowSpec.
 *
 * Requests are those of intoracle.c, each followed by DR0 to DR3, DR7, and TF and RF to begin with. One process runs the code,
 * another one is its debugger and writes down, as answers, every stop: how many, then for each what struct stop says. Debug
 * exceptions and INT1 are passed over; the first other stop is the last, or stop number MOST.
 *
 *     gcc -m32 -O2 -ffreestanding -nostdlib -static -fno-pic -no-pie -fno-stack-protector -fcf-protection=none -o dboracle dboracle.c
 *
 * Exits with 2 where the kernel is not a 64-bit Linux, and with 6 where there are no debug registers to be had.
 */
#include "oracle.h"

#define MOST 24

struct debug {
	uint32_t address[4];
	uint32_t control;
	uint32_t eflags;
};

struct stop {
	uint32_t signal, code;
	uint32_t eip, eflags, dr6;
	uint32_t regs[8];        /* EAX ECX EDX EBX ESP EBP ESI EDI */
	uint32_t data;           /* a sum over all data */
};

/* Linux' i386 struct user_regs_struct. */
struct user_regs {
	uint32_t ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs, orig_eax, eip, cs, eflags, esp, ss;
};

#define TRACEME 0u
#define PEEKUSER 3u
#define POKEUSER 6u
#define CONT 7u
#define GETREGS 12u
#define SETREGS 13u
#define SETFPREGS 15u
#define GETFPXREGS 18u
#define SETFPXREGS 19u
#define GETSIGINFO 0x4202u
/* offsetof(struct user, u_debugreg) */
#define DEBUGREG 252u
#define STOPPED 0x7Fu
#define SIGTRAP 5u
#define SI_KERNEL 0x80u
#define SIGSTOP 19u

static uint32_t child;
static struct debug debug;

static uint32_t trace(uint32_t request, uint32_t address, uint32_t value)
{
	return call(26, request, child, address, value);
}

static void must(uint32_t result)
{
	if (result != 0)
		leave(6);
}

static void set_debug(uint32_t number, uint32_t value)
{
	must(trace(POKEUSER, DEBUGREG + 4 * number, value));
}

/* Lengths are remembered, and addresses must fit to them: so first one byte each, somewhere. */
static void set_breakpoints(void)
{
	for (uint32_t i = 0; i < 4; i++)
		set_debug(i, DATA);
	set_debug(7, 0x111100FF);
	set_debug(7, 0);
	for (uint32_t i = 0; i < 4; i++)
		set_debug(i, debug.address[i]);
	set_debug(7, debug.control);
}

static void load_registers(void)
{
	static uint32_t fx[128] __attribute__((aligned(16)));
	struct user_regs r = {
		.eax = in.regs[0], .ecx = in.regs[1], .edx = in.regs[2], .ebx = in.regs[3],
		.esp = in.regs[4], .ebp = in.regs[5], .esi = in.regs[6], .edi = in.regs[7],
		.eip = in.eip, .eflags = in.eflags | debug.eflags | 0x202, .orig_eax = -1, .cs = 0x23,
		.es = in.segments[0], .ss = in.segments[1], .ds = in.segments[2], .fs = in.segments[3], .gs = in.segments[4],
	};

	must(trace(SETFPREGS, 0, (uint32_t)in.vectors.fsave));
	must(trace(GETFPXREGS, 0, (uint32_t)fx));
	fx[6] = in.vectors.mxcsr;
	copy(fx + 40, in.vectors.xmm, 32);
	must(trace(SETFPXREGS, 0, (uint32_t)fx));
	must(trace(SETREGS, 0, (uint32_t)&r));
}

static uint32_t sum(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < DATA_BYTES / 4; i++)
		sum = sum * 31 + data[i];
	return sum;
}

/* Runs until the next stop. */
static void run(struct stop *stop)
{
	static uint32_t siginfo[32];
	uint32_t status;
	struct user_regs r;

	must(trace(CONT, 1, 0));
	if (call(7, child, (uint32_t)&status, 0, 0) != child || (status & 0xFF) != STOPPED)
		leave(7);
	must(trace(GETREGS, 0, (uint32_t)&r));
	must(trace(GETSIGINFO, 0, (uint32_t)siginfo));
	must(trace(PEEKUSER, DEBUGREG + 4 * 6, (uint32_t)&stop->dr6));
	*stop = (struct stop){
		.signal = status >> 8, .code = siginfo[2], .eip = r.eip, .eflags = r.eflags, .dr6 = stop->dr6, .data = sum(),
		.regs = {r.eax, r.ecx, r.edx, r.ebx, r.esp, r.ebp, r.esi, r.edi},
	};
}

static void debugger(void)
{
	static struct stop stops[MOST];
	uint32_t status;

	if (call(7, child, (uint32_t)&status, 0, 0) != child)
		leave(7);
	for (;;) {
		uint32_t count = 0;

		put_in_place();
		get(&debug, sizeof(debug));
		set_breakpoints();
		load_registers();
		do
			run(&stops[count++]);
		while (count < MOST && stops[count - 1].signal == SIGTRAP && stops[count - 1].code != SI_KERNEL);
		put(&count, sizeof(count));
		put(stops, count * sizeof(stops[0]));
		copy(data, before, DATA_BYTES / 4);
		clear_place();
	}
}

void _start(void)
{
	uint32_t cs;

	/* A kernel may leave out of what it saves what has never been used. */
	asm volatile("fninit\n\txorps %%xmm0, %%xmm0" ::: "memory");
	asm volatile("mov %%cs, %0" : "=r"(cs));
	if ((cs & 0xFFFF) != 0x23)
		leave(2);
	map_all(MAP_SHARED);
	/* An endless loop ends here, of either process: alarm(300). */
	call(27, 300, 0, 0, 0);
	child = call(2, 0, 0, 0, 0);
	if (child == 0) {
		call(27, 300, 0, 0, 0);
		/* PR_SET_PDEATHSIG */
		call(172, 1, 9, 0, 0);
		trace(TRACEME, 0, 0);
		call(37, call(20, 0, 0, 0, 0), SIGSTOP, 0, 0);
		leave(0);
	}
	debugger();
}
