/* A greeting from CPL 3, and the pid twice: from the kernel, and from thread-local storage. */
#include "user.h"

int main(u32 argument)
{
        struct line line = { .length = 0 };
        u32 pid;

        (void)argument;
        asm("mov %%gs:4, %0" : "=r"(pid));
        text(number(text(number(text(&line, "hello from pid "), getpid(), 1), ", or so GS says: "), pid, 1), "\n");
        say(&line);
        return pid == getpid() ? 0 : 1;
}
