/* The little of the C library we need. */
#include "puppy.h"

void *memset(void *to, int byte, u32 count)
{
        u32 edi = (u32)to;

        asm volatile("rep stosb" : "+D"(edi), "+c"(count) : "a"(byte) : "memory");
        return to;
}

void *memcpy(void *to, const void *from, u32 count)
{
        u32 edi = (u32)to, esi = (u32)from, dwords = count / 4, rest = count % 4;

        asm volatile("rep movsl" : "+D"(edi), "+S"(esi), "+c"(dwords) :: "memory");
        asm volatile("rep movsb" : "+D"(edi), "+S"(esi), "+c"(rest) :: "memory");
        return to;
}

int memcmp(const void *a, const void *b, u32 count)
{
        const u8 *left = a, *right = b;

        for (u32 i = 0; i < count; i++)
                if (left[i] != right[i])
                        return left[i] - right[i];
        return 0;
}

u32 strlen(const char *text)
{
        u32 length = 0;

        while (text[length])
                length++;
        return length;
}

int strcmp(const char *a, const char *b)
{
        while (*a && *a == *b)
                a++, b++;
        return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, u32 count)
{
        for (; count; a++, b++, count--)
                if (*a != *b || !*a)
                        return (u8)*a - (u8)*b;
        return 0;
}

bool parse_number(const char *text, u32 *value)
{
        u32 base = 10, number = 0;

        if (text[0] == '0' && (text[1] | 0x20) == 'x') {
                base = 16;
                text += 2;
        }
        if (!*text)
                return false;
        for (; *text; text++) {
                u32 digit = *text >= '0' && *text <= '9' ? (u32)(*text - '0')
                            : (*text | 0x20) >= 'a' && (*text | 0x20) <= 'f' ? (u32)((*text | 0x20) - 'a' + 10)
                            : 99;
                if (digit >= base)
                        return false;
                number = number * base + digit;
        }
        *value = number;
        return true;
}

/* 64 by 32 bits, as on paper: high half first, what remains of it in front of the low half. */
u64 divide(u64 dividend, u32 divisor, u32 *remainder)
{
        u32 high = dividend >> 32, low;

        asm("divl %4" : "=a"(low), "=d"(*remainder)
            : "a"((u32)dividend), "d"(high % divisor), "r"(divisor) : "cc");
        return (u64)(high / divisor) << 32 | low;
}
