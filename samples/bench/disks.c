/*
 * The first and only program of a Linux guest: reads and writes its disk past the page cache.
 * `disks MAJOR MIB REQUESTS`: whole MiB one after the other, 64 KiB at a time, then so many
 * requests of 4 KiB anywhere; both read, then both written; and all of it again, when whatever
 * translates the guest has seen it once.  For each it prints a name, `<` at
 * the start and `>` at the end, for somebody with a clock, and after reading a sum.
 */
enum { EXIT = 1, WRITE = 4, OPEN = 5, MKNOD = 14, SYNC = 36, REBOOT = 88, PREAD64 = 180, PWRITE64 = 181 };
enum { O_RDWR = 2, O_DIRECT = 040000, O_LARGEFILE = 0100000, S_IFBLK = 060000 };
enum { MIB = 1 << 20, LARGE = 1 << 16, SMALL = 4096 };

typedef unsigned u32;
typedef unsigned long long u64;

static char buffer[LARGE] __attribute__((aligned(SMALL)));
static int disk;

static int call(int number, u32 a, u32 b, u32 c, u32 d, u32 e)
{
        int result;
        asm volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                     : "memory");
        return result;
}

static void print(const char *text)
{
        u32 bytes = 0;
        while (text[bytes])
                bytes++;
        call(WRITE, 1, (u32)text, bytes, 0, 0);
}

static void print_number(u32 number)
{
        char text[] = "00000000 ";
        for (int digit = 7; digit >= 0; digit--, number >>= 4)
                text[digit] = "0123456789abcdef"[number & 15];
        print(text);
}

static void end(const char *why)
{
        print(why);
        call(SYNC, 0, 0, 0, 0, 0);
        call(REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0, 0);
        call(EXIT, 1, 0, 0, 0, 0);
}

static u32 transfer(int number, u64 at, u32 bytes)
{
        if (call(number, disk, (u32)buffer, bytes, (u32)at, (u32)(at >> 32)) != (int)bytes)
                end("failed\n");
        return *(u32 *)buffer;
}

static void one_after_the_other(const char *name, int number, u32 mib)
{
        u32 sum = 0;
        print(name);
        print("<");
        for (u64 at = 0; at < (u64)mib * MIB; at += LARGE)
                sum = sum * 31 + transfer(number, at, LARGE);
        print(">");
        print_number(sum);
}

static void anywhere(const char *name, int number, u32 mib, u32 requests)
{
        u32 sum = 0, random = 2463534242u;
        print(name);
        print("<");
        while (requests--) {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                sum = sum * 31 + transfer(number, (u64)(random % (mib * (MIB / SMALL))) * SMALL, SMALL);
        }
        print(">");
        print_number(sum);
}

static u32 number(const char *text)
{
        u32 number = 0;
        while (*text >= '0' && *text <= '9')
                number = number * 10 + *text++ - '0';
        return number;
}

__attribute__((used)) static void program(char **words)
{
        u32 major = number(words[2]), mib = number(words[3]), requests = number(words[4]);

        if (call(MKNOD, (u32)"/disk", S_IFBLK | 0600, major << 8, 0, 0) < 0)
                end("no device\n");
        disk = call(OPEN, (u32)"/disk", O_RDWR | O_DIRECT | O_LARGEFILE, 0, 0, 0);
        if (disk < 0)
                end("no disk\n");
        for (int round = 0; round < 2; round++) {
                one_after_the_other("read", PREAD64, mib);
                anywhere("random-read", PREAD64, mib, requests);
                one_after_the_other("write", PWRITE64, mib);
                anywhere("random-write", PWRITE64, mib, requests);
        }
        end("done\n");
}

/* The stack begins with the number of words, then come the words. */
asm(".globl _start\n_start: mov %esp, %eax\n push %eax\n call program\n");
