/* The console: text out by SEND_DMA, keys in through one bound buffer. */
#include "puppy.h"

enum { CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, ESCAPE = 27, DELETE = 127 };

static char input[256];                 /* filled by the Host */
static u32 input_taken;                 /* so much of it is in the queue already */
static struct lguest_dma input_dma;

static char queue[256];                 /* keys nobody has read yet: a ring of 256, hence the u8s */
static volatile u8 queue_in, queue_out;

volatile bool console_interrupted;

/* Works from the first hypercall on, before anybody has looked for devices. */
void console_write(const char *text, u32 bytes)
{
        struct lguest_dma dma = { .addr = { pa(text) }, .len = { bytes } };

        if (bytes)
                hcall(LHCALL_SEND_DMA, CONSOLE_KEY, pa(&dma), 0);
}

/* As long as used_len is not zero the buffer is not the Host's to fill: what finds no room in the queue waits there. */
static void take_keys(void)
{
        u32 bytes = *(volatile u32 *)&input_dma.used_len;

        while (input_taken < bytes && (u8)(queue_in + 1) != queue_out) {
                char key = input[input_taken++];

                if (key == CTRL_C)
                        console_interrupted = true;
                else
                        queue[queue_in++] = key;
        }
        if (input_taken == bytes) {
                input_taken = 0;
                *(volatile u32 *)&input_dma.used_len = 0;
        }
}

static void key_pressed(u32 line, struct frame *frame)
{
        (void)line, (void)frame;
        take_keys();
}

void console_init(void)
{
        for (u32 slot = 0; slot < LGUEST_MAX_DEVICES; slot++) {
                if (devices[slot].type != DEVICE_CONSOLE)
                        continue;
                u32 line = slot + 1;
                device_status(slot, STATUS_DRIVER);
                input_dma.addr[0] = pa(input);
                input_dma.len[0] = sizeof input;
                if (!hcall(LHCALL_BIND_DMA, CONSOLE_KEY, pa(&input_dma), 1 << 8 | line))
                        panic("console: BIND_DMA of key %u refused", CONSOLE_KEY);
                irq_request(line, "console", key_pressed);
                device_status(slot, STATUS_DRIVER_OK);
                return;
        }
}

static u8 get_key(void)
{
        wait_until(queue_in != queue_out || console_interrupted);
        if (console_interrupted)
                return CTRL_C;
        u8 key = queue[queue_out++];
        if (*(volatile u32 *)&input_dma.used_len) {
                u32 enabled = irq_save();

                take_keys();
                irq_restore(enabled);
        }
        return key;
}

void console_wait_key(void)
{
        get_key();
        console_interrupted = false;
}

/* What arrow and function keys send: ESC [ ... letter.  There is nothing here for them to do. */
static void skip_escape_sequence(void)
{
        u8 key = get_key();

        while (key == '[' || (key >= '0' && key <= '9') || key == ';')
                key = get_key();
}

/* Reads a line: backspace, ^U to start again, ^C to forget it, ^D on an empty one to power off. */
u32 console_line(const char *prompt, char *line, u32 bytes)
{
        static u8 previous;
        u32 length = 0;

        printk("%s", prompt);
        for (;;) {
                u8 key = get_key(), before = previous;
                previous = key;
                if (key == '\n' && before == '\r')
                        continue;               /* CR LF is one newline */
                if (key == '\r' || key == '\n') {
                        printk("\n");
                        line[length] = 0;
                        return length;
                }
                if (key == CTRL_C) {
                        console_interrupted = false;
                        length = 0;
                        printk("^C\n%s", prompt);
                } else if (key == CTRL_D && !length) {
                        printk("\n");
                        power_off();
                } else if (key == BACKSPACE || key == DELETE) {
                        if (length) {
                                length--;
                                printk("\b \b");
                        }
                } else if (key == CTRL_U) {
                        for (; length; length--)
                                printk("\b \b");
                } else if (key == ESCAPE) {
                        skip_escape_sequence();
                } else if (key >= ' ' && length + 1 < bytes) {
                        line[length++] = key;
                        printk("%c", key);
                }
        }
}
