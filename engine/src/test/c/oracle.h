/* What the programs have in common that run pieces of 32-bit code on the processor at hand; there is no C library. */
#include <stdint.h>

#define CODE 0x10000000u
#define CODE_BYTES 0x2000u
#define DATA 0x20000000u
#define DATA_BYTES 0x10000u
#define INT3 0xCCCCCCCCu

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

struct user_desc {
	uint32_t entry, base, limit, flags;
};

#define SEG_32BIT 1u
#define EXPAND_DOWN (1u << 1)
#define READ_ONLY (1u << 3)
#define USEABLE (1u << 6)

static struct request in;
static uint32_t *const data = (uint32_t *)DATA;
/* What the data were before the code ran. */
static uint32_t before[DATA_BYTES / 4];
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

#define MAP_SHARED 1u
#define MAP_PRIVATE 2u

static void map(uint32_t at, uint32_t bytes, uint32_t protection, uint32_t sharing)
{
	/* MAP_FIXED | MAP_ANONYMOUS | MAP_POPULATE, in the order of the old mmap's memory block */
	uint32_t arguments[6] = {at, bytes, protection, 0x8030 | sharing, -1, 0};

	if (call(90, (uint32_t)arguments, 0, 0, 0) != at)
		leave(4);
}

static void segment(uint32_t entry, uint32_t limit, uint32_t flags)
{
	struct user_desc segment = {entry, DATA, limit, flags | USEABLE};

	if (call(243, (uint32_t)&segment, 0, 0, 0) != 0)
		leave(2);
}

/* The memory that the code runs in and works on, and the segments over it. */
static void map_all(uint32_t sharing)
{
	map(CODE, CODE_BYTES, 7, sharing);
	map(DATA, DATA_BYTES, 3, sharing);
	segment(12, 0xFFFF, SEG_32BIT);
	segment(13, 0x7FFF, SEG_32BIT | EXPAND_DOWN);
	segment(14, 0xFFFF, SEG_32BIT | READ_ONLY);
	fill_data();
}

/* The next request, with its code and patches in place. */
static void put_in_place(void)
{
	get(&in, sizeof(in));
	for (uint32_t i = 0; i < CODE_BYTES / 4; i++)
		((uint32_t *)CODE)[i] = INT3;
	for (uint32_t i = 0; i < in.length && in.eip + i < CODE + CODE_BYTES; i++)
		((uint8_t *)in.eip)[i] = in.code[i];
	for (int i = 0; i < PATCHES; i++)
		exchange(&in.patches[i]);
}

/* Takes patches back. */
static void clear_place(void)
{
	for (int i = PATCHES - 1; i >= 0; i--)
		exchange(&in.patches[i]);
}
