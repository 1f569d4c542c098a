/* System calls: `int $0x80`, number in EAX, arguments in EBX, ECX; the answer in EAX. */
#ifndef PUPPY_SYSCALLS_H
#define PUPPY_SYSCALLS_H

enum syscall {
        SYS_EXIT,       /* status */
        SYS_WRITE,      /* text, bytes: bytes written, or -1 */
        SYS_GETPID,
        SYS_YIELD,
        SYS_SLEEP,      /* milliseconds, at most 4000 */
        SYS_TICKS,      /* timer interrupts since boot */
        SYS_UPTIME,     /* milliseconds since boot */
        SYS_SBRK,       /* bytes: where they begin, or -1 */
        SYS_FAULTS,     /* pages this process got by touching them */
};

#endif
