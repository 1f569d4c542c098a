# echo: a guest that talks to a device of the script's own.  It sends one line to the device's DMA
# key and prints whatever comes back.
#
# By lguest's convention a device's key is the physical address of its first page.  The descriptor
# page lies right above RAM and the devices' pages follow; our device is the first that has any.

        .set    PAGE_OFFSET, 0xC0000000
        .set    PAGE_SIZE, 4096
        .set    LHCALL_LGUEST_INIT, 1
        .set    LHCALL_CRASH, 2
        .set    LHCALL_BIND_DMA, 12
        .set    LHCALL_SEND_DMA, 13
        .set    CONSOLE_KEY, 0
        .set    E820_SIZE, 0x2D8                # boot_params: size of the first piece of memory

        .set    IRQ, 2                          # slot 1 of the descriptor page: line 2
        .set    BUFFERS, 1
        .set    REPLY_BYTES, 256

        .text
        .globl  _start
        .ascii  "GenuineLguest"
_start:
        mov     $LHCALL_LGUEST_INIT, %eax
        mov     $lguest_data - PAGE_OFFSET, %edx
        int     $0x1f

        mov     PAGE_OFFSET + E820_SIZE, %ebp
        add     $PAGE_SIZE, %ebp                # the key

        # Where replies are to go.
        mov     $LHCALL_BIND_DMA, %eax
        mov     %ebp, %edx
        mov     $reply_dma - PAGE_OFFSET, %ebx
        mov     $BUFFERS << 8 | IRQ, %ecx
        int     $0x1f

        mov     $LHCALL_SEND_DMA, %eax
        mov     %ebp, %edx
        mov     $send_dma - PAGE_OFFSET, %ebx
        int     $0x1f

        # A buffer is ours again once its used_len says how much is in it.
1:      mov     reply_dma, %eax
        test    %eax, %eax
        jz      1b

        mov     %ax, print_length
        mov     $LHCALL_SEND_DMA, %eax
        mov     $CONSOLE_KEY, %edx
        mov     $print_dma - PAGE_OFFSET, %ebx
        int     $0x1f

        mov     $LHCALL_CRASH, %eax
        mov     $power_down - PAGE_OFFSET, %edx
        int     $0x1f

line:   .ascii  "hello from the guest\n"
        .set    LINE_BYTES, . - line

power_down:
        .ascii  "Power down"
        .zero   128 - 10

        # struct lguest_dma: bytes transferred, 16 physical addresses, 16 lengths (0 ends the list).
        .macro  dma name, buffer, bytes
        .balign 4
\name:  .long   0
        .long   \buffer - PAGE_OFFSET
        .zero   15 * 4
\name\()_length:
        .short  \bytes
        .zero   15 * 2
        .endm

        dma     send_dma, line, LINE_BYTES
        dma     reply_dma, reply, REPLY_BYTES
        dma     print_dma, reply, 0
        .set    print_length, print_dma_length

reply:  .zero   REPLY_BYTES

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
