# hello: the smallest guest worth reading.  One page, three hypercalls, no stack.
#
# The launcher copies this page to physical 0x100000, looks for the tag, maps all of RAM at
# PAGE_OFFSET and starts us at the byte after the tag, at CPL 1, with every register zero.
# A hypercall is `int $0x1f`: number in EAX, arguments in EDX, EBX, ECX, every address physical.

        .set    PAGE_OFFSET, 0xC0000000
        .set    LHCALL_LGUEST_INIT, 1
        .set    LHCALL_CRASH, 2
        .set    LHCALL_SEND_DMA, 13
        .set    CONSOLE_KEY, 0

        .text
        .globl  _start
        .ascii  "GenuineLguest"
_start:
        # Tell the Host where our shared page is.  No other call is legal before this one.
        mov     $LHCALL_LGUEST_INIT, %eax
        mov     $lguest_data - PAGE_OFFSET, %edx
        int     $0x1f

        # Print: the console listens on DMA key 0.
        mov     $LHCALL_SEND_DMA, %eax
        mov     $CONSOLE_KEY, %edx
        mov     $dma - PAGE_OFFSET, %ebx
        int     $0x1f

        # Power off.  Generation 1 has no other way to end than to crash with these words.
        mov     $LHCALL_CRASH, %eax
        mov     $power_down - PAGE_OFFSET, %edx
        int     $0x1f

greeting:
        .ascii  "Hello from a guest of one page.\n"
        .set    GREETING_BYTES, . - greeting

        # The Host reads 128 bytes of reason, whatever its length.
power_down:
        .ascii  "Power down"
        .zero   128 - 10

        # struct lguest_dma: bytes transferred, 16 physical addresses, 16 lengths (0 ends the list).
        .balign 4
dma:    .long   0
        .long   greeting - PAGE_OFFSET
        .zero   15 * 4
        .short  GREETING_BYTES
        .zero   15 * 2

        # struct lguest_data: interrupts off, timer blocked, all 64 ring slots free (0xff).
        .balign 4
lguest_data:
        .long   0                       # irq_enabled
        .long   1                       # blocked_interrupts
        .long   0                       # cr2
        .long   0, 0                    # time
        .fill   64, 1, 0xff             # hcall_status
        .zero   64 * 16                 # hcalls
        .long   0                       # reserve_mem
        .short  0, 0                    # guestid
        .long   0                       # tsc_khz
        .long   0, 0                    # noirq_start, noirq_end
