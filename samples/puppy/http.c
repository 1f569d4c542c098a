/* HTTP 1.0 (RFC 1945), both ways, as small as it goes. */
#include "tcp.h"

static u32 requests;

static char *append(char *to, const char *text)
{
        u32 bytes = strlen(text);

        memcpy(to, text, bytes);
        return to + bytes;
}

static char *append_number(char *to, u32 number)
{
        char digits[10];
        u32 used = 0;

        do
                digits[used++] = '0' + number % 10;
        while (number /= 10);
        while (used)
                *to++ = digits[--used];
        return to;
}

/* The answer to any request: that we are here, what was asked for, and how often anybody asked. */
u32 http_respond(struct connection *c)
{
        char *at = append(c->sent, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
        char *path = c->received;

        while (*path != ' ')
                path++;
        at = append(append_number(append(at, "puppy, guest "), lguest_data.guestid), ", request ");
        at = append(append_number(at, ++requests), ": ");
        for (u32 i = 1; i < 200 && path[i] > ' '; i++)
                *at++ = path[i];
        *at++ = '\n';
        return at - c->sent;
}

bool http_request_complete(const struct connection *c)
{
        for (u32 i = 0; i + 4 <= c->received_bytes; i++)
                if (!memcmp(c->received + i, "\r\n\r\n", 4))
                        return !memcmp(c->received, "GET /", 5);
        return false;
}

/* Prints what has arrived, makes room for more and says so. */
static void print_received(struct connection *c)
{
        u32 enabled = irq_save();

        for (u32 i = 0; i < c->received_bytes; i++)
                if (c->received[i] != '\r')
                        printk("%c", c->received[i]);
        if (c->received_bytes) {
                c->received_bytes = 0;
                tcp_acknowledge(c);
        }
        irq_restore(enabled);
}

void http_get(u32 address, const char *path)
{
        struct connection *c = tcp_connect(address, HTTP_PORT, false);

        if (!c)
                return;
        char *end = append(append(append(c->sent, "GET "), path), " HTTP/1.0\r\n\r\n");
        if (tcp_deliver(c, PSH | ACK, end - c->sent)) {
                while (wait_for(c->received_bytes || c->their_fin, 5000)) {
                        bool last = c->their_fin;
                        print_received(c);
                        if (last)
                                break;
                }
        }
        tcp_close(c);
}
