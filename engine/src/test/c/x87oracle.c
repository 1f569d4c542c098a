/*
 * Runs single x87 instructions on the processor at hand: the reference for X87OracleSlowSpec.
 *
 * Reads records from standard input until it ends and answers each with one on standard output (both little-endian, no
 * padding). A memory operand is addressed by ECX/RCX and lies at the start of `memory`; the instruction must not leave an
 * unmasked exception pending in `state` before it runs.
 *
 *     gcc -O1 -mno-red-zone -o x87oracle x87oracle.c
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct request {
	uint8_t length;          /* of code, 1 to 7 */
	uint8_t code[7];
	uint32_t eflags;
	uint32_t eax;
	uint8_t state[108];      /* as FRSTOR reads it, 32-bit protected-mode format */
	uint8_t memory[128];
} __attribute__((packed));

struct answer {
	uint32_t eflags;
	uint32_t eax;
	uint8_t state[108];      /* as FNSAVE writes it */
	uint8_t memory[128];
} __attribute__((packed));

static void run(const void *code, const struct request *in, struct answer *out)
{
	uint64_t eflags = in->eflags, eax = in->eax;

	memcpy(out->memory, in->memory, sizeof(out->memory));
	asm volatile("frstor %[state]\n\t"
		     "push %[eflags]\n\t"
		     "popf\n\t"
		     "call *%[code]\n\t"
		     "pushf\n\t"
		     "pop %[eflags]\n\t"
		     "fnsave %[after]\n\t"
		     : [eflags] "+r"(eflags), "+a"(eax), [after] "=m"(out->state)
		     : [state] "m"(in->state), [code] "r"(code), "c"(out->memory)
		     : "memory", "cc");
	out->eflags = eflags;
	out->eax = eax;
}

int main(void)
{
	static struct request in;
	static struct answer out;
	uint8_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (code == MAP_FAILED) {
		perror("x87oracle: mmap");
		return 1;
	}
	while (fread(&in, sizeof(in), 1, stdin) == 1) {
		memcpy(code, in.code, in.length);
		code[in.length] = 0xC3;
		run(code, &in, &out);
		if (fwrite(&out, sizeof(out), 1, stdout) != 1) {
			perror("x87oracle: write");
			return 1;
		}
	}
	return 0;
}
