/* All a user program knows of the world: nine system calls, and printing by way of one of them. */
#ifndef PUPPY_USER_H
#define PUPPY_USER_H

#include "syscalls.h"
#include "types.h"

int main(u32 number);                   /* the NUMBER of `run NAME NUMBER` */

static inline int system_call(enum syscall number, u32 first, u32 second)
{
        int answer;

        asm volatile("int $0x80" : "=a"(answer) : "a"(number), "b"(first), "c"(second) : "memory");
        return answer;
}

static inline u32 getpid(void) { return system_call(SYS_GETPID, 0, 0); }
static inline void yield(void) { system_call(SYS_YIELD, 0, 0); }
static inline void sleep(u32 msec) { system_call(SYS_SLEEP, msec, 0); }
static inline u32 ticks(void) { return system_call(SYS_TICKS, 0, 0); }
static inline u32 uptime(void) { return system_call(SYS_UPTIME, 0, 0); }
static inline void *sbrk(u32 bytes) { return (void *)system_call(SYS_SBRK, bytes, 0); }
static inline u32 faults(void) { return system_call(SYS_FAULTS, 0, 0); }

/* A line is put together here and written at once, so that two processes do not mix theirs. */
struct line { char text[96]; u32 length; };

static inline struct line *text(struct line *line, const char *from)
{
        while (*from && line->length < sizeof line->text)
                line->text[line->length++] = *from++;
        return line;
}

/* At least `width` digits. */
static inline struct line *number(struct line *line, u32 value, u32 width)
{
        char digits[11], *first = digits + 10;

        *first = 0;
        do {
                *--first = '0' + value % 10;
        } while ((value /= 10) || digits + 10 - first < (int)width);
        return text(line, first);
}

static inline void say(struct line *line)
{
        system_call(SYS_WRITE, (u32)line->text, line->length);
}

#endif
