package lguest.machine

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.cpu.CpuModel
import lguest.cpu.CpuState

/**
 * A bare machine that runs one Linux program for i386, statically linked, at CPL 3. Its kernel is a page of code: INT 0x80 and every fault
 * come out at a port, where {@link LinuxCalls} answers.
 */
@CompileStatic
class UserMachine {
    /** How a program ended: its exit status, and what it has printed. */
    static record Ended(int status, byte[] out, String err) {
    }

    private static final int KERNEL = 0x100000
    private static final int KERNEL_BYTES = 0x10000
    private static final int ENTRY = KERNEL + 0xF00
    private static final int STACK_POINTER = KERNEL + 0xF04
    private static final int GDTR = KERNEL + 0xF10
    private static final int IDTR = KERNEL + 0xF18
    private static final int FAULTS = KERNEL + 0x200
    private static final int SYSTEM_CALL = KERNEL + 0x400
    private static final int GDT = KERNEL + 0x1000
    private static final int IDT = KERNEL + 0x2000
    private static final int TSS = KERNEL + 0x3000
    private static final int KERNEL_STACK = KERNEL + 0x6000
    private static final int DIRECTORY = KERNEL + 0x7000
    private static final int TABLE = KERNEL + 0x8000
    private static final int FRAMES = 0x200000

    private static final int KERNEL_CS = 0x60
    private static final int KERNEL_DS = 0x68
    private static final int USER_CS = 0x73
    private static final int USER_DS = 0x7B
    private static final int TSS_SELECTOR = 0x80
    private static final int OSFXSR = 1 << 9
    private static final int OSXMMEXCPT = 1 << 10
    private static final int CALL_PORT = 0x80
    private static final int FAULT_PORT = 0x81

    /** Where a program goes that may go anywhere. */
    private static final int BASE = 0x56555000
    private static final int STACK_TOP = 0xBFFFF000 as int
    private static final int STACK_BYTES = 8 << 20

    private final Guest guest
    private final UserSpace space
    private final LinuxCalls calls
    private String died

    /** @param folder for the kernel's image */
    UserMachine(Path folder, CpuModel model, List<String> command, Map<String, String> environment, Path directory, byte[] input) {
        Path image = Files.write(folder.resolve('kernel.bin'), kernel(model).array())
        guest = Guest.create(new GuestConfig('user').platform(GuestConfig.Platform.BARE).memoryBytes(256L << 20).cpuModel(model).kernel(image)
            .port(CALL_PORT, { int port, int value, int bits -> calls.serve(guest.cpu().regs) } as OnWrite)
            .port(FAULT_PORT, { int port, int value, int bits -> fault(value) } as OnWrite))
        space = new UserSpace(guest.physical(), DIRECTORY, FRAMES)
        calls = new LinuxCalls(guest, space, GDT, directory, input)
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(Path.of(command[0]))).order(ByteOrder.LITTLE_ENDIAN)
        load(elf, command, environment, model)
    }

    private static interface OnWrite extends PortHandler {
        @Override
        void write(int port, int value, int bits)
    }

    /** Runs the program to its end. */
    Ended run(Duration patience) {
        try {
            Stop stop = guest.run(Limit.hostTime(patience))
            assert stop.kind() == Stop.Kind.OFF: "$stop after ${guest.instructions()} instructions at ${Integer.toHexString(guest.cpu().eip)}"
            assert died == null
            return new Ended(guest.exitValue(), calls.output(1), new String(calls.output(2), 'UTF-8'))
        } finally {
            guest.close()
        }
    }

    /** Of a fault in the program, from the frame on the kernel's stack. */
    private void fault(int vector) {
        int[] frame = (0..5).collect { int i -> guest.physical().read32(KERNEL_STACK - 24 + 4 * i) } as int[]
        died = String.format('vector %d, error code 0x%x, eip 0x%08x, esp 0x%08x, cr2 0x%08x', vector, frame[0], frame[1], frame[4], guest.cpu().cr2)
        guest.exit(-1)
    }

    // ---- what execve does

    private void load(ByteBuffer elf, List<String> command, Map<String, String> environment, CpuModel model) {
        int base = elf.getShort(16) == (short) 3 ? BASE : 0
        int headers = elf.getInt(28)
        int count = elf.getShort(44)
        int end = 0
        int headersAt = 0
        for (int i = 0; i < count; i++) {
            int at = headers + 32 * i
            if (elf.getInt(at) == 1) {
                int offset = elf.getInt(at + 4)
                int linear = base + elf.getInt(at + 8)
                int inFile = elf.getInt(at + 16)
                int start = linear & -UserSpace.PAGE
                int bytes = linear - start + elf.getInt(at + 20)
                space.map(start, bytes, true, (elf.getInt(at + 24) & 2) != 0)
                byte[] content = new byte[inFile]
                elf.get(offset, content)
                space.write(linear, content)
                end = start + UserSpace.pages(bytes)
                if (offset == 0) {
                    headersAt = linear + headers
                }
            }
        }
        calls.brk = end
        int entry = base + elf.getInt(24)
        guest.physical().write32(ENTRY, entry)
        guest.physical().write32(STACK_POINTER, stack(command, environment,
            [3: headersAt, 4: 32, 5: count, 6: UserSpace.PAGE, 7: 0, 8: 0, 9: entry, 11: 0, 12: 0, 13: 0, 14: 0, 16: model.features(), 17: 100, 23: 0]))
    }

    /** The initial stack (System V ABI, i386 supplement). @return the stack pointer */
    private int stack(List<String> command, Map<String, String> environment, Map<Integer, Integer> auxiliary) {
        space.map(STACK_TOP - STACK_BYTES, STACK_BYTES, true, true)
        int at = STACK_TOP
        Closure<Integer> text = { String word ->
            byte[] bytes = (word + '\0').getBytes('UTF-8')
            at -= bytes.length
            space.write(at, bytes)
            at
        }
        List<Integer> arguments = command.collect { String word -> text.call(word) }
        List<Integer> variables = environment.collect { String name, String value -> text.call("$name=$value".toString()) }
        int platform = text.call('i686')
        // 16 bytes that Linux has from its random numbers.
        at = (at - 16) & -16
        space.write(at, (1..16) as byte[])
        int random = at
        List<Integer> words = [command.size()] + arguments + [0] + variables + [0]
        auxiliary.each { int key, int value -> words << key << value }
        words << 15 << platform << 25 << random << 31 << arguments[0] << 0 << 0
        at = (at - words.size() * 4) & -16
        space.dwords(at, words as int[])
        at
    }

    // ---- the kernel

    private static ByteBuffer kernel(CpuModel model) {
        ByteBuffer image = ByteBuffer.allocate(KERNEL_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        int cr4 = model.has('SSE') ? OSFXSR | OSXMMEXCPT : 0
        code(image, 0x0F, 0x01, 0x15).putInt(GDTR)                                // LGDT, LIDT
        code(image, 0x0F, 0x01, 0x1D).putInt(IDTR)
        code(code(image, 0xB8).putInt(DIRECTORY), 0x0F, 0x22, 0xD8)               // CR3, CR4, CR0: PG WP NE ET MP PE
        code(code(image, 0xB8).putInt(cr4), 0x0F, 0x22, 0xE0)
        code(code(image, 0xB8).putInt(0x80010033 as int), 0x0F, 0x22, 0xC0)
        code(image, 0xEA).putInt(KERNEL + image.position() + 6).putShort((short) KERNEL_CS)
        code(code(image, 0xB8).putInt(KERNEL_DS), 0x8E, 0xD0, 0xBC).putInt(KERNEL_STACK)
        code(code(image, 0xB8).putInt(TSS_SELECTOR), 0x0F, 0x00, 0xD8)
        code(code(image, 0xB8).putInt(USER_DS), 0x8E, 0xD8, 0x8E, 0xC0, 0x31, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8, 0xDB, 0xE3)
        code(image, 0x6A, USER_DS, 0xFF, 0x35).putInt(STACK_POINTER)              // IRET to the program
        code(code(image, 0x68).putInt(0x202), 0x6A, USER_CS, 0xFF, 0x35).putInt(ENTRY)
        code(image, 0x31, 0xDB, 0xCF)
        // OUT; then CR3 again, because the answer may have changed the page tables.
        code(image.position(SYSTEM_CALL - KERNEL), 0xE6, CALL_PORT, 0x50, 0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8, 0x58, 0xCF)
        for (int vector = 0; vector < 32; vector++) {
            code(image.position(FAULTS - KERNEL + 8 * vector), 0xB0, vector, 0xE6, FAULT_PORT, 0xF4)
            gate(image, vector, FAULTS + 8 * vector, 0x8E00)
        }
        gate(image, 0x80, SYSTEM_CALL, 0xEE00)
        image.position(GDTR - KERNEL).putShort((short) 0xFFF).putInt(GDT)
        image.position(IDTR - KERNEL).putShort((short) 0x7FF).putInt(IDT)
        image.position(GDT - KERNEL + KERNEL_CS).putLong(0x00CF9A000000FFFFL).putLong(0x00CF92000000FFFFL).putLong(0x00CFFA000000FFFFL)
            .putLong(0x00CFF2000000FFFFL).putLong(0x0000890000000067L | (long) (TSS & 0xFFFFFF) << 16)
        image.putInt(TSS - KERNEL + 4, KERNEL_STACK).putInt(TSS - KERNEL + 8, KERNEL_DS).putShort(TSS - KERNEL + 0x66, (short) 0x68)
        image.putInt(DIRECTORY - KERNEL, TABLE | 3)
        for (int at = KERNEL; at < KERNEL + KERNEL_BYTES; at += UserSpace.PAGE) {
            image.putInt(TABLE - KERNEL + (at >>> 12) * 4, at | 3)
        }
        image
    }

    private static ByteBuffer code(ByteBuffer image, int... bytes) {
        bytes.each { int value -> image.put((byte) value) }
        image
    }

    private static void gate(ByteBuffer image, int vector, int handler, int type) {
        image.putInt(IDT - KERNEL + 8 * vector, KERNEL_CS << 16 | handler & 0xFFFF).putInt(IDT - KERNEL + 8 * vector + 4, handler & 0xFFFF0000 as int | type)
    }
}
