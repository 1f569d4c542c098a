package lguest.machine

import static lguest.machine.TinyKernel.*

/** A few of the generated hostile guests, and what they would need to succeed. */
class PrivilegeSlowSpec extends HostileGuests {
    def "#kind, seed #seed: a documented end or none"() {
        given:
        def kernel = new TinyKernel()
        KINDS[kind].call(kernel, new Random(seed))
        def guest = guest(kernel)

        expect:
        harmless(guest, run(guest, BUDGET / 4 as long))

        cleanup:
        guest?.close()

        where:
        [kind, seed] << [KINDS.keySet().toList(), 1..2].combinations()
    }

    // ---- ways to CPL 0 that must be closed

    static final int HOST_CS = 10 << 3
    static final int HOST_DS = 11 << 3
    static final int HOST_TSS = 16 << 3
    /** An entry of the guest's own, filled in below. */
    static final int OWN = 20 << 3

    static final Closure FAR_JUMP = { TinyKernel k, int selector -> k.code(0xEA).dword(k.here() + 6).code(selector & 0xFF, selector >> 8) }
    static final Closure FAR_CALL = { TinyKernel k, int selector -> k.code(0x9A).dword(k.here() + 6).code(selector & 0xFF, selector >> 8) }
    static final Closure FAR_RETURN = { TinyKernel k, int selector -> k.push(selector).push(k.here() + 6).code(0xCB) }
    static final Closure IRET = { TinyKernel k, int selector -> k.push(0x202).push(selector).push(k.here() + 6).code(0xCF) }
    static final Closure DATA_SEGMENT = { TinyKernel k, int selector -> k.set(EAX, selector).code(0x8E, 0xD8) }
    static final Closure STACK_SEGMENT = { TinyKernel k, int selector -> k.set(EAX, selector).code(0x8E, 0xD0) }

    /** A gate in the guest's GDT. */
    static List<Integer> gate(int type, int selector) {
        [selector << 16, 0x8000 | 3 << 13 | type << 8]
    }

    /** A task state of the guest's that would have the Host's privilege. */
    static List<Integer> taskState(int type) {
        def base = PAGE_OFFSET + GARBAGE
        [base << 16 | 0x67, base & 0xFF000000 as int | base >>> 16 & 0xFF | 0xE000 | type << 8]
    }

    def "#what with selector #selector ends in trap #vector"() {
        given:
        def kernel = new TinyKernel()
        kernel.put(OWN + GDT, entry as int[])
        kernel.put(GARBAGE + 28, DIRECTORY).put(GARBAGE + 32, PAGE_OFFSET + BASE, 2).put(GARBAGE + 72, HOST_DS, HOST_CS, HOST_DS, HOST_DS, 0, 0, 0)
        kernel.init()
        transfer(kernel, selector)
        kernel.powerOff()
        def guest = guest(kernel)

        when:
        def stop = run(guest)

        then:
        harmless(guest, stop)
        stop.reason() ==~ /unhandled trap $vector at 0x[0-9a-f]+ \(0x${Integer.toHexString(error)}\)/

        cleanup:
        guest?.close()

        where:
        what                             | transfer      | selector     | entry                   || vector | error
        'far JMP to the Host'            | FAR_JUMP      | HOST_CS      | [0, 0]                  || 13     | HOST_CS
        'far JMP to the Host, RPL 1'     | FAR_JUMP      | HOST_CS + 1  | [0, 0]                  || 13     | HOST_CS
        'far CALL to the Host'           | FAR_CALL      | HOST_CS      | [0, 0]                  || 13     | HOST_CS
        'far RET to the Host'            | FAR_RETURN    | HOST_CS      | [0, 0]                  || 13     | HOST_CS
        'far RET to the Host, RPL 1'     | FAR_RETURN    | HOST_CS + 1  | [0, 0]                  || 13     | HOST_CS
        'IRET to the Host'               | IRET          | HOST_CS      | [0, 0]                  || 13     | HOST_CS
        'IRET to the Host, RPL 3'        | IRET          | HOST_CS + 3  | [0, 0]                  || 13     | HOST_CS
        "the Host's data"                | DATA_SEGMENT  | HOST_DS      | [0, 0]                  || 13     | HOST_DS
        "the Host's data as stack"       | STACK_SEGMENT | HOST_DS      | [0, 0]                  || 13     | HOST_DS
        'CALL through a call gate'       | FAR_CALL      | OWN          | gate(12, HOST_CS)       || 13     | OWN
        'JMP through a call gate'        | FAR_JUMP      | OWN          | gate(12, HOST_CS)       || 13     | OWN
        'CALL through a small call gate' | FAR_CALL      | OWN          | gate(4, HOST_CS)        || 13     | HOST_CS
        'JMP through a task gate'        | FAR_JUMP      | OWN          | gate(5, HOST_TSS)       || 13     | HOST_TSS
        'CALL through a task gate'       | FAR_CALL      | OWN          | gate(5, OWN + 8) + taskState(9) || 13 | OWN + 8
        'JMP to a task'                  | FAR_JUMP      | OWN          | taskState(9)            || 13     | OWN
        'JMP to a small task'            | FAR_JUMP      | OWN          | taskState(1)            || 13     | OWN
        'CALL to a task'                 | FAR_CALL      | OWN          | taskState(8)            || 13     | OWN
        'JMP to a task of no type'       | FAR_JUMP      | OWN          | taskState(0)            || 13     | OWN
        "JMP to the Host's task"         | FAR_JUMP      | HOST_TSS     | [0, 0]                  || 13     | HOST_TSS
        'JMP through an LDT'             | FAR_JUMP      | OWN + 4      | taskState(2)            || 13     | OWN + 4
        'JMP beyond the table'           | FAR_JUMP      | 0xFFF8       | [0, 0]                  || 13     | 0xFFF8
    }

    def "#what at CPL #cpl is a general protection fault"() {
        given:
        def kernel = new TinyKernel().init()
        kernel.position(GARBAGE, code as byte[])
        cpl == 1 ? kernel.jump(PAGE_OFFSET + GARBAGE) : kernel.user(PAGE_OFFSET + GARBAGE)
        def guest = guest(kernel)

        when:
        def stop = run(guest)

        then:
        harmless(guest, stop)
        stop.reason() == String.format('unhandled trap 13 at 0x%x (0x0)', PAGE_OFFSET + GARBAGE)

        cleanup:
        guest?.close()

        where:
        [[what, code], cpl] << [[
            ['HLT', [0xF4]], ['CLI', [0xFA]], ['STI', [0xFB]], ['INS', [0x6C]], ['OUTS', [0x6E]], ['CLTS', [0x0F, 0x06]],
            ['LGDT', [0x0F, 0x01, 0x16]], ['LIDT', [0x0F, 0x01, 0x1E]], ['LLDT', [0x0F, 0x00, 0xD0]], ['LTR', [0x0F, 0x00, 0xD8]],
            ['LMSW', [0x0F, 0x01, 0xF0]], ['INVLPG', [0x0F, 0x01, 0x3E]], ['INVD', [0x0F, 0x08]], ['WBINVD', [0x0F, 0x09]],
            ['MOV from CR0', [0x0F, 0x20, 0xC0]], ['MOV from CR3', [0x0F, 0x20, 0xD8]], ['MOV to CR0', [0x0F, 0x22, 0xC0]],
            ['MOV to CR3', [0x0F, 0x22, 0xD8]], ['MOV to CR4', [0x0F, 0x22, 0xE0]], ['MOV from DR7', [0x0F, 0x21, 0xF8]],
            ['MOV to DR7', [0x0F, 0x23, 0xF8]], ['RDMSR', [0x0F, 0x32]], ['WRMSR', [0x0F, 0x30]], ['RDPMC', [0x0F, 0x33]]
        ], [1, 3]].combinations()
    }

    def "#how leaves IOPL, IF and VM alone"() {
        given:
        def kernel = new TinyKernel().init()
        set(kernel, 0x003F7FD7)
        kernel.code(0x9C, 0x8F, 0x05).dword(PAGE_OFFSET + SCRATCH).powerOff()
        def guest = guest(kernel)

        when:
        def stop = run(guest)

        then:
        harmless(guest, stop)
        stop.kind() == Stop.Kind.OFF
        (guest.physical().read32(SCRATCH) & 0x00023200) == 0x200

        cleanup:
        guest?.close()

        where:
        how    | set
        'POPF' | { TinyKernel k, int flags -> k.push(flags & ~0x100).code(0x9D) }
        'IRET' | { TinyKernel k, int flags -> k.push(flags & ~0x100).push(KERNEL_CS).push(k.here() + 6).code(0xCF) }
    }

    def "IRET with NT finds no task to return to"() {
        given:
        def kernel = new TinyKernel().init().push(0x4202).code(0x9D, 0xCF)
        def guest = guest(kernel)

        when:
        def stop = run(guest)

        then:
        harmless(guest, stop)
        stop.reason() ==~ /unhandled trap 10 at 0x[0-9a-f]+ \(0x0\)/

        cleanup:
        guest?.close()
    }

    // ---- the host's memory

    def "a guest that executes every byte of its memory as the start of an instruction does not fill the host's"() {
        given: 'loads from an absent page, at every offset; the handler goes on one byte further'
        def kernel = new TinyKernel().init().code(0xEB, 0x06)
        int handler = kernel.here()
        kernel.code(0x58, 0x83, 0x04, 0x24, 0x01, 0xCF).gates(handler).jump(PAGE_OFFSET + 0x180000)
        def guest = guest(kernel)
        def loads = new byte[0x100000]
        (0..<loads.length / 5).each { loads[it * 5] = 0xA0 as byte }
        guest.physical().write(0x180000, loads, 0, loads.length)
        long before = usedBytes()

        when:
        def stop = run(guest, 600_000)

        then:
        harmless(guest, stop)
        guest.statistics().blocks() > 100_000
        usedBytes() - before < 128L << 20

        cleanup:
        guest?.close()
    }

    static long usedBytes() {
        System.gc()
        return Runtime.runtime.totalMemory() - Runtime.runtime.freeMemory()
    }
}
