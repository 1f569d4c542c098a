/* Counts to five, or to its argument, and lets others run in between. */
#include "user.h"

int main(u32 limit)
{
        for (u32 i = 1; i <= (limit ? limit : 5); i++) {
                struct line line = { .length = 0 };
                text(number(text(&line, "count "), i, 1), "\n");
                say(&line);
                yield();
        }
        return 0;
}
