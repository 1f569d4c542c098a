/* Finds a workload by its name and repeats it, with a mark after each repetition for whoever holds the clock. */
#include "bench.h"

static void say(const char *text)
{
        while (*text)
                put(*text++);
}

static void say_hex(u32 value)
{
        for (int shift = 28; shift >= 0; shift -= 4)
                put("0123456789abcdef"[value >> shift & 15]);
}

static int same(const char *word, const char *end, const char *name)
{
        while (word < end && *name && *word == *name)
                word++, name++;
        return word == end && !*name;
}

static const struct workload *find(const struct workload *table, const char *word, const char *end)
{
        for (; table->name; table++)
                if (same(word, end, table->name))
                        return table;
        return NULL;
}

int run(const char *words, const struct workload *table, const struct workload *other)
{
        /* The last word is a number, the one before it a name; a boot loader may have put others in front. */
        const char *name = words, *end = words, *number = words;
        for (const char *at = words; *at; at++) {
                if (*at == ' ') {
                        name = number;
                        end = at;
                        number = at + 1;
                }
        }
        u32 times = 0;
        while (*number >= '0' && *number <= '9')
                times = times * 10 + (u32) (*number++ - '0');

        const struct workload *found = find(table, name, end);
        if (!found)
                found = find(other, name, end);
        if (!found) {
                say("no such workload: ");
                say(words);
                say("\n");
                return 1;
        }

        u32 first = 0;
        put('[');
        for (u32 done = 0; done < times; done++) {
                u32 sum = found->run();
                if (done == 0) {
                        first = sum;
                        say_hex(sum);
                } else if (sum != first) {
                        say(" now ");
                        say_hex(sum);
                        return 1;
                }
                put('.');
        }
        say("]\n");
        return 0;
}
