/* Context switches: two threads, each with its own stack and address space, take turns. */
#include "kernel.h"

/* Each address space has another page here. */
#define OWN 0x01000000

struct thread {
        u32 esp;
        u32 *directory;
};

static u32 directories[2][1024] __attribute__((aligned(PAGE)));
static u32 tables[2][1024] __attribute__((aligned(PAGE)));
static u32 own[2][1024] __attribute__((aligned(PAGE)));
static u32 stacks[2][1024];
static struct thread main_thread, threads[2];
static u32 switches;

/* Saves what a function must keep, loads the other's address space and stack, and returns there. */
extern void switch_to(struct thread *from, struct thread *to);
__asm__(".pushsection .text\n"
        "switch_to:\n"
        "       mov     4(%esp), %eax\n"
        "       mov     8(%esp), %edx\n"
        "       push    %ebx\n"
        "       push    %esi\n"
        "       push    %edi\n"
        "       push    %ebp\n"
        "       mov     %esp, (%eax)\n"
        "       mov     4(%edx), %ecx\n"
        "       mov     %ecx, %cr3\n"
        "       mov     (%edx), %esp\n"
        "       pop     %ebp\n"
        "       pop     %edi\n"
        "       pop     %esi\n"
        "       pop     %ebx\n"
        "       ret\n"
        ".popsection");

static void thread(void)
{
        for (;;) {
                u32 self = switches & 1;
                volatile u32 *mine = (volatile u32 *) OWN;
                for (u32 i = 0; i < 8; i++)
                        mine[i * 100] += mine[0] + i + self;
                switches++;
                switch_to(&threads[self], switches == SWITCHES ? &main_thread : &threads[self ^ 1]);
        }
}

u32 context(void)
{
        for (u32 i = 0; i < 2; i++) {
                for (u32 j = 0; j < 1024; j++) {
                        directories[i][j] = page_directory[j];
                        tables[i][j] = 0;
                        own[i][j] = i;
                        stacks[i][j] = 0;
                }
                tables[i][0] = (u32) own[i] | PRESENT | WRITABLE;
                directories[i][OWN >> 22] = (u32) tables[i] | PRESENT | WRITABLE;
                stacks[i][1023] = (u32) thread;
                threads[i].esp = (u32) &stacks[i][1023 - 4];
                threads[i].directory = directories[i];
        }
        switches = 0;
        main_thread.directory = page_directory;
        switch_to(&main_thread, &threads[0]);
        return own[0][700] * 31 ^ own[1][100];
}
