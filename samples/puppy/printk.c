/* Formatted text on the console. */
#include <stdarg.h>
#include "puppy.h"

struct output {
        char text[128];
        u32 length;
};

static void put(struct output *out, char c)
{
        out->text[out->length++] = c;
        if (out->length == sizeof out->text) {
                console_write(out->text, out->length);
                out->length = 0;
        }
}

static void put_padded(struct output *out, const char *text, u32 length, int width, bool left, char pad)
{
        int blanks = width - (int)length;

        while (!left && blanks-- > 0)
                put(out, pad);
        while (length--)
                put(out, *text++);
        while (left && blanks-- > 0)
                put(out, ' ');
}

static void put_number(struct output *out, u32 number, u32 base, bool negative, int width, bool left, char pad)
{
        char digits[12], *first = digits + sizeof digits;

        do {
                *--first = "0123456789abcdef"[number % base];
        } while (number /= base);
        if (negative)
                *--first = '-';
        put_padded(out, first, digits + sizeof digits - first, width, left, pad);
}

/* %[-][0][width] of d u x s c, and %%. */
static void format_text(struct output *out, const char *format, va_list arguments)
{
        for (; *format; format++) {
                if (*format != '%') {
                        put(out, *format);
                        continue;
                }
                bool left = false;
                char pad = ' ';
                int width = 0;
                if (*++format == '-')
                        left = true, format++;
                if (*format == '0')
                        pad = '0', format++;
                while (*format >= '0' && *format <= '9')
                        width = width * 10 + (*format++ - '0');

                switch (*format) {
                case 'd': {
                        int number = va_arg(arguments, int);
                        put_number(out, number < 0 ? -(u32)number : (u32)number, 10, number < 0, width, left, pad);
                        break;
                }
                case 'u':
                        put_number(out, va_arg(arguments, u32), 10, false, width, left, pad);
                        break;
                case 'x':
                        put_number(out, va_arg(arguments, u32), 16, false, width, left, pad);
                        break;
                case 's': {
                        const char *text = va_arg(arguments, const char *);
                        put_padded(out, text, strlen(text), width, left, ' ');
                        break;
                }
                case 'c':
                        put(out, va_arg(arguments, int));
                        break;
                default:
                        put(out, *format);
                }
        }
}

void printk(const char *format, ...)
{
        struct output out = { .length = 0 };
        va_list arguments;

        va_start(arguments, format);
        format_text(&out, format, arguments);
        va_end(arguments);
        console_write(out.text, out.length);
}

/* Says why on the console, then dies of the first 127 characters of it. */
void panic(const char *format, ...)
{
        struct output out = { .length = 0 };
        va_list arguments;

        irq_disable();
        va_start(arguments, format);
        format_text(&out, format, arguments);
        va_end(arguments);
        printk("panic: %s\n", (put(&out, 0), out.text));
        crash(out.text);
}
