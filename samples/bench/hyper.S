# A guest's first instructions: the byte after the tag, CPL 1, RAM mapped at PAGE_OFFSET.  .bss is ours to clear.
        .section .entry, "ax"
        .ascii  "GenuineLguest"
        mov     $stack_end, %esp
        cld
        xor     %eax, %eax
        mov     $bss_start, %edi
        mov     $image_end, %ecx
        sub     %edi, %ecx
        rep stosb
        call    start
        ud2                             # start does not return

        .bss
        .balign 4096
        .skip   16384
stack_end:
