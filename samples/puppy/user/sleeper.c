/* Sleeps three times, 100 ms or its argument, and says how long that was. */
#include "user.h"

int main(u32 msec)
{
        if (!msec)
                msec = 100;
        for (u32 i = 0; i < 3; i++) {
                u32 before = uptime();
                sleep(msec);
                u32 slept = uptime() - before;
                struct line line = { .length = 0 };
                text(number(text(number(text(&line, "asked for "), msec, 1), " ms, slept "), slept, 1), " ms\n");
                say(&line);
                if (slept + 1 < msec)
                        return 1;
        }
        return 0;
}
