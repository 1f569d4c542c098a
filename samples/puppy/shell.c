/* The prompt. */
#include "puppy.h"

#define MAX_WORDS 8

static char line[256];          /* as typed */
static char words_text[256];    /* the same, cut into words */

/* The rest of the line from word `index` on, as it was typed. */
static const char *rest_of_line(u32 index)
{
        const char *at = line;

        for (;; index--) {
                while (*at == ' ')
                        at++;
                if (!index)
                        return at;
                while (*at && *at != ' ')
                        at++;
        }
}

static bool number(const char *text, u32 *value)
{
        if (parse_number(text, value))
                return true;
        printk("%s: not a number\n", text);
        return false;
}

/* Rows of sixteen; an asterisk stands for rows like the one above it. */
static void hex_dump(const void *from, u32 address, u32 bytes)
{
        const u8 *at = from;
        bool repeated = false;

        for (u32 row = 0; row < bytes; row += 16) {
                if (row && row + 16 < bytes && !memcmp(at + row, at + row - 16, 16)) {
                        if (!repeated)
                                printk("*\n");
                        repeated = true;
                        continue;
                }
                repeated = false;
                printk("%08x ", address + row);
                for (u32 i = row; i < row + 16; i++)
                        printk(" %02x", at[i]);
                printk("  ");
                for (u32 i = row; i < row + 16; i++)
                        printk("%c", at[i] >= ' ' && at[i] < 127 ? at[i] : '.');
                printk("\n");
        }
}

static void report(struct process *process)
{
        printk("[%u] %s: %s %d\n", process->pid, process->name, process->doomed ? "killed," : "exit status",
               process->status);
        process_reap(process);
}

static void reap_zombies(void)
{
        for (struct process *p = processes + 1; p < processes + MAX_PROCESSES; p++)
                if (p->state == ZOMBIE)
                        report(p);
}

extern char image_end[];

static void do_mem(void)
{
        printk("RAM            %8u KiB\n", memory_bytes() / 1024);
        printk("kernel image   %8u KiB from 0x%08x\n", (pa(image_end) - 0x100000) / 1024, PAGE_OFFSET + 0x100000);
        printk("initrd         %8u KiB\n", initrd_bytes() / 1024);
        printk("free           %8u KiB\n", pages_free() * 4);
        printk("reserved at the top of the address space %u KiB\n", lguest_data.reserve_mem / 1024);
}

static void do_ticks(void)
{
        printk("%u ticks\n", clock_ticks);
}

static void do_cmdline(void)
{
        printk("%s\n", kernel_cmdline);
}

static void do_echo(void)
{
        printk("%s\n", rest_of_line(1));
}

/* disk | disk read SECTOR | disk write SECTOR TEXT: the first disk only has commands. */
static void do_disk(u32 count, char **words)
{
        u32 sector;

        if (count == 1) {
                disks_show();
                return;
        }
        bool write = !strcmp(words[1], "write");
        if (count < 3 || (!write && strcmp(words[1], "read"))) {
                printk("usage: disk [read SECTOR | write SECTOR TEXT]\n");
                return;
        }
        if (!number(words[2], &sector))
                return;
        if (!disk_count || sector >= disks[0].page->num_sectors) {
                printk("disk: no sector %u\n", sector);
                return;
        }
        char *buffer = page_alloc();
        if (!buffer) {
                printk("disk: out of memory\n");
                return;
        }
        if (write)
                memcpy(buffer, rest_of_line(3), strlen(rest_of_line(3)));
        int result = disk_transfer(&disks[0], write, sector, buffer, SECTOR_BYTES);
        if (result != 1)
                printk("disk: sector %u: result %d\n", sector, result);
        else if (write)
                printk("disk: sector %u written\n", sector);
        else
                hex_dump(buffer, 0, SECTOR_BYTES);
        page_free(buffer);
}

static void do_spin(u32 count, char **words)
{
        u32 millions = 1, done = 0;

        if (count > 1 && !number(words[1], &millions))
                return;
        u64 before = clock_nsec();
        for (; done < millions && !console_interrupted; done++)
                for (u32 loops = 1000000; loops; loops--)
                        asm volatile("");
        console_interrupted = false;
        printk("%u million iterations in ", done);
        print_nsec(clock_nsec() - before);
        printk(" s\n");
}

static bool all_ended(struct process **started, u32 count)
{
        for (u32 i = 0; i < count; i++)
                if (started[i]->state != ZOMBIE)
                        return false;
        return true;
}

/* Starts a program, in as many copies as it likes, and waits for them if asked to. */
void run_program(const char *name, u32 argument, bool wait)
{
        const struct program *program = programs;
        struct process *started[4];
        u32 count = 0;

        while (program->name && strcmp(program->name, name))
                program++;
        if (!program->name) {
                printk("run: %s: no such program; there are", name);
                for (program = programs; program->name; program++)
                        printk(" %s", program->name);
                printk("\n");
                return;
        }
        while (count < program->copies && (started[count] = process_spawn(name, argument + count)))
                count++;
        if (!count)
                printk("run: no room for another process\n");

        if (!wait)
                return;                         /* the prompt reaps them */
        while (!all_ended(started, count)) {
                wait_until(console_interrupted || all_ended(started, count));
                if (console_interrupted) {
                        console_interrupted = false;
                        process_kill_all();
                }
        }
        for (u32 i = 0; i < count; i++)
                report(started[i]);
}

static void do_run(u32 count, char **words)
{
        bool wait = count < 2 || strcmp(words[count - 1], "&");
        u32 argument = 0;

        if (!wait)
                count--;
        if (count < 2)
                printk("usage: run NAME [NUMBER] [&]\n");
        else if (count < 3 || number(words[2], &argument))
                run_program(words[1], argument, wait);
}

static void do_fault(u32 count, char **words)
{
        u32 argument = 0;

        if (count < 2 || number(words[1], &argument))
                run_program("fault", argument, true);
}

static void do_pt(u32 count, char **words)
{
        u32 address;

        if (count < 2)
                printk("usage: pt ADDRESS\n");
        else if (number(words[1], &address))
                page_walk_show(kernel_directory, address);
}

static void do_dump(u32 count, char **words)
{
        u32 address;

        if (count < 2) {
                printk("usage: dump ADDRESS\n");
                return;
        }
        if (!number(words[1], &address))
                return;
        address &= ~15u;
        u32 *first = page_table_entry(kernel_directory, address);
        u32 *last = page_table_entry(kernel_directory, address + 63);
        if (first && last && *first & *last & PTE_PRESENT)
                hex_dump((void *)address, address, 64);
        else
                printk("0x%08x is not mapped\n", address);
}

static void do_kill(u32 count, char **words)
{
        if (count < 2)
                kill_show();
        else if (!kill_guest(words[1], false))
                printk("kill: %s: no such way to die; kill alone lists them\n", words[1]);
}

static void do_crash(void)
{
        crash(rest_of_line(1));
}

static void do_halt(void)
{
        printk("halted until a key\n");
        console_wait_key();
}

static void do_ask(u32 count, char **words)
{
        u32 type;

        if (count < 3) {
                printk("usage: ask TYPE TEXT\n");
                return;
        }
        if (!number(words[1], &type))
                return;
        const char *answer = type > DEVICE_BLOCK ? ask(type, rest_of_line(2)) : 0;
        printk("%s\n", answer ? answer : "no answer");
}

static void do_help(void);

static const struct command {
        const char *name, *usage, *help;
        void (*show)(void);                             /* one of these two */
        void (*run)(u32 count, char **words);
} commands[] = {
        { "help", "", "this list", .show = do_help },
        { "mem", "", "memory in use", .show = do_mem },
        { "irq", "", "interrupt lines", .show = irq_show },
        { "ps", "", "processes", .show = process_show },
        { "ticks", "", "timer interrupts so far", .show = do_ticks },
        { "time", "", "date, uptime and what they are taken from", .show = clock_show },
        { "disk", "[read N | write N TEXT]", "disks; a sector of the first", .run = do_disk },
        { "net", "VERB ADDRESS", "network: up, ping, udp, http, source, sink, flood", .run = do_net },
        { "spin", "[N]", "N million iterations of nothing", .run = do_spin },
        { "run", "NAME [NUMBER] [&]", "a user program: hello count sleeper fpu grow fault", .run = do_run },
        { "fault", "[0..7]", "a user program that does what it must not", .run = do_fault },
        { "ask", "TYPE TEXT", "a device of a script's, and what it says", .run = do_ask },
        { "devices", "", "the descriptor table", .show = devices_show },
        { "pt", "ADDRESS", "walk the kernel's page tables", .run = do_pt },
        { "dump", "ADDRESS", "64 bytes of memory", .run = do_dump },
        { "echo", "TEXT", "say it again", .show = do_echo },
        { "cmdline", "", "the kernel command line", .show = do_cmdline },
        { "selftest", "", "check the Host, statement by statement", .show = selftest },
        { "kill", "[STATEMENT]", "die in a particular way; alone, list the ways", .run = do_kill },
        { "crash", "TEXT", "die with these last words", .show = do_crash },
        { "halt", "", "idle until a key", .show = do_halt },
        { "poweroff", "", "also ^D", .show = power_off },
};

static void do_help(void)
{
        for (u32 i = 0; i < COUNT_OF(commands); i++)
                printk("%-9s%-24s%s\n", commands[i].name, commands[i].usage, commands[i].help);
}

static void execute(void)
{
        char *words[MAX_WORDS], *at = words_text;
        u32 count = 0;

        memcpy(words_text, line, sizeof line);
        while (count < MAX_WORDS) {
                while (*at == ' ')
                        *at++ = 0;
                if (!*at)
                        break;
                words[count++] = at;
                while (*at && *at != ' ')
                        at++;
        }
        if (*at)
                *at = 0;
        if (!count)
                return;
        for (u32 i = 0; i < COUNT_OF(commands); i++) {
                if (strcmp(words[0], commands[i].name))
                        continue;
                if (commands[i].show)
                        commands[i].show();
                else
                        commands[i].run(count, words);
                return;
        }
        printk("%s: no such command; type help\n", words[0]);
}

void shell(void)
{
        for (;;) {
                reap_zombies();
                console_line("puppy> ", line, sizeof line);
                execute();
        }
}
