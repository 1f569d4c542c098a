/* From the first C function to the prompt. */
#include "puppy.h"

char kernel_cmdline[2048];

static void cmdline_init(void)
{
        const char *text = va(*(u32 *)va(BOOT_CMDLINE));
        u32 length = strlen(text);

        memcpy(kernel_cmdline, text, length < sizeof kernel_cmdline ? length : sizeof kernel_cmdline - 1);
}

/* Words are separated by spaces.  Takes the first that is `name` or begins with `name=`. */
bool cmdline_option(const char *name, char *value, u32 bytes)
{
        const char *word = kernel_cmdline;
        u32 length = strlen(name), used = 0;

        while (*word) {
                if (!strncmp(word, name, length) && (!word[length] || word[length] == ' ' || word[length] == '='))
                        break;
                while (*word && *word++ != ' ')
                        ;
        }
        if (!*word)
                return false;
        word += length;
        if (*word == '=')
                word++;
        while (*word && *word != ' ' && used + 1 < bytes)
                value[used++] = *word++;
        value[used] = 0;
        return true;
}

static void greet(void)
{
        printk("puppy: a small kernel for lguest, guest %u, %u MiB, %u disks\n", lguest_data.guestid,
               memory_bytes() >> 20, disk_count);
        printk("puppy: type help\n");
}

/* From entry.S, with a stack and an empty .bss. */
_Noreturn void boot(void)
{
        char value[32];

        cmdline_init();
        if (cmdline_option("kill", value, sizeof value))
                kill_guest(value, true);        /* those that need a guest not yet initialised */

        selftest_before_init();
        lguest_init();
        selftest_after_init();
        segments_init();
        traps_init();
        mm_init();
        sched_init();
        fpu_init();
        devices_init();
        clock_init();
        console_init();
        block_init();
        irq_enable();

        if (!cmdline_option("quiet", value, sizeof value))
                greet();
        if (cmdline_option("kill", value, sizeof value) && !kill_guest(value, false))
                printk("puppy: kill=%s: no such way to die\n", value);
        if (cmdline_option("run", value, sizeof value))
                run_program(value, 0, true);
        if (cmdline_option("selftest", value, sizeof value)) {
                selftest();
                power_off();
        }
        shell();
}
