/* Indirect branches: an interpreter of a small stack machine, which counts primes. */
#include "bench.h"

enum op { PUSH, ADD, MUL, MOD, DUP, SWAP, LOAD, STORE, JUMP, JUMP_ZERO, LESS, XOR, OVER, STOP };

/* Places in the program below. */
enum { NUMBER = 4, DIVISOR = 15, DIVIDE = 43, NEXT = 59, END = 68 };

/* Variables: 0 the number, 1 its divisor, 2 primes so far, 3 a sum. */
static const short program[] = {
        PUSH, 2, STORE, 0,
        [NUMBER] =
        LOAD, 0, PUSH, 3000, LESS, JUMP_ZERO, END,
        PUSH, 2, STORE, 1,
        [DIVISOR] =
        LOAD, 1, DUP, MUL, LOAD, 0, SWAP, LESS, JUMP_ZERO, DIVIDE,
        LOAD, 2, PUSH, 1, ADD, STORE, 2,                                /* less than its square: a prime */
        LOAD, 3, LOAD, 0, OVER, XOR, ADD, STORE, 3, JUMP, NEXT,
        [DIVIDE] =
        LOAD, 0, LOAD, 1, MOD, JUMP_ZERO, NEXT,
        LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, DIVISOR,
        [NEXT] =
        LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, NUMBER,
        [END] =
        LOAD, 2, LOAD, 3, XOR, STOP,
};

static u32 interpret(void)
{
        u32 stack[16], variables[4] = { 0 };
        u32 *top = stack;       /* of the stack, which grows up; *top is its last element */
        const short *at = program;
        *top = 0;
        for (;;) {
                switch ((enum op) *at++) {
                case PUSH:      *++top = (u32) *at++; break;
                case ADD:       top--; *top += top[1]; break;
                case MUL:       top--; *top *= top[1]; break;
                case MOD:       top--; *top %= top[1]; break;
                case DUP:       top++; *top = top[-1]; break;
                case SWAP:      { u32 swap = *top; *top = top[-1]; top[-1] = swap; break; }
                case LOAD:      *++top = variables[*at++]; break;
                case STORE:     variables[*at++] = *top--; break;
                case JUMP:      at = program + *at; break;
                case JUMP_ZERO: at = *top-- ? at + 1 : program + *at; break;
                case LESS:      top--; *top = *top < top[1]; break;
                case XOR:       top--; *top ^= top[1]; break;
                case OVER:      top++; *top = top[-2]; break;
                case STOP:      return *top;
                }
        }
}

u32 jumps(void)
{
        return interpret();
}
