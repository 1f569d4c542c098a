package lguest.sem

import groovy.transform.CompileStatic

/** A reason why QEMU 7.2 prints something else for system.S or debug.S than this project does, which follows the SDM. */
@CompileStatic
class QemuDifference {
    private static final int VIF_VIP = 0x180000
    private static final int RF = 0x10000
    /** The lines of system.S that reach beyond 64 KiB in virtual-8086 mode. */
    private static final List<String> BEYOND_64K = ['limitw', 'addr32']

    /** Where: the headings that system.S prints. */
    final List<String> sections
    final String why
    /** Of our word, or line, QEMU's, and the name of the test that printed them. */
    private final Closure<Boolean> explains

    private QemuDifference(List<String> sections, String why, Closure<Boolean> explains) {
        this.sections = sections
        this.why = why
        this.explains = explains
    }

    static final List<QemuDifference> OF_SYSTEM = [
        new QemuDifference(['ring 0', 'ring 3'],
            'an absent stack segment is #SS(selector), SDM vol. 3A "Interrupt 12": QEMU raises #NP, or #TS for an inner stack',
            { String ours, String qemu, String test -> ours == '0c:0040' && qemu in ['0a:0040', '0b:0040'] }),
        new QemuDifference(['ring 0', 'ring 3'],
            'loading a segment register sets the accessed bit, SDM vol. 3A "Code- and Data-Segment Descriptor Types": ' +
            'QEMU does not when CS is loaded by a jump, nor for an inner stack',
            { String ours, String qemu, String test -> ours ==~ /[0-9a-f]{2}/ && bits(ours) == (bits(qemu) | 1) }),
        new QemuDifference(['popf, iret', 'doubles', 'vm86'],
            'VIF and VIP exist with VME, which QEMU\'s model has and ours does not announce; the image of EFLAGS ' +
            'that a fault pushes has RF set, SDM vol. 3A "Masking Instruction Breakpoints": QEMU pushes none',
            { String ours, String qemu, String test -> flags(ours) && flags(qemu) && ((bits(ours) ^ bits(qemu)) & ~(VIF_VIP | RF)) == 0L }),
        new QemuDifference(['popf, iret'],
            'IRET at CPL 3 cannot set VM, SDM vol. 2A "IRET": QEMU enters virtual-8086 mode and faults there',
            { String ours, String qemu, String test -> ours == '82:0000' && qemu in ['06:0000', '01:0000'] }),
        new QemuDifference(['privileged'],
            'MOV of a control register that does not exist is #UD at any level, SDM vol. 2A "MOV": QEMU asks for CPL 0 first',
            { String ours, String qemu, String test -> ours == '06:0000' && qemu == '0d:0000' && test == 'movcr1' }),
        new QemuDifference(['limits', 'ring 3'],
            'offsets beyond a segment\'s limit are #GP, or #SS, those of an inner stack, too: QEMU checks no limits',
            { String ours, String qemu, String test -> ours in ['0c:0000', '0d:0000'] && qemu == '82:0000' || ours == '0c:0040' && qemu.startsWith('L') }),
        new QemuDifference(['controls'],
            'reserved bits of CR0, CR3, DR6 and DR7 read as fixed values, SDM vol. 3A "Control Registers", "Debug Registers": QEMU keeps them',
            { String ours, String qemu, String test -> flags(ours) && flags(qemu) && (bits(ours) & bits(qemu)) == bits(ours) }),
        new QemuDifference(['doubles'],
            'a fault while another event is delivered has EXT in its error code, SDM vol. 3A "Error Code": QEMU sets none for the first of two',
            { String ours, String qemu, String test -> ours ==~ /0[bd]:[0-9a-f]{4}/ && bits(ours.substring(3)) == (bits(qemu.substring(3)) | 1) }),
        new QemuDifference(['vm86'],
            'virtual-8086 mode has a limit of 64 KiB, SDM vol. 3A "Virtual-8086 Mode": QEMU reaches beyond, and all of the line follows from that',
            { String ours, String qemu, String test -> test in BEYOND_64K }),
        new QemuDifference(['paging'],
            'LOCK INC writes, which its error code says even if reading faults, SDM vol. 3A "Interrupt 14": QEMU reads first, and has set A by then',
            { String ours, String qemu, String test -> ours == '0e:0002' && qemu == '0e:0000' || accessed(ours, qemu, 0x2020) }),
        new QemuDifference(['paging'],
            'A of a directory entry whose table entry faults may be set or not, SDM vol. 3A "Accessed and Dirty Flags": QEMU sets it',
            { String ours, String qemu, String test -> accessed(ours, qemu, 0x2000) }),
    ]

    /** By lines. */
    static final List<QemuDifference> OF_DEBUG = [
        new QemuDifference(['registers'], 'reserved bits of DR6 and DR7 read as fixed values, SDM vol. 3B "Debug Registers": QEMU keeps them',
            { String ours, String qemu, String test -> keeps(ours.split(' '), qemu.split(' ')) }),
        new QemuDifference(['registers', 'code', 'data', 'steps', 'user'],
            'RF is pushed as 1 by faults and between two elements of a repeated string instruction, as 0 by INT3: SDM vol. 3B ' +
            '"Instruction-Breakpoint Exception Condition"; QEMU pushes what IRET loaded, if anything',
            { String ours, String qemu, String test -> test in ['none with DE', 'a fault pushes RF', 'INT3', 'string', 'repeated', 'a fault', 'MOV DR'] &&
                ours.replace('R', '-') == qemu.replace('R', '-') }),
        new QemuDifference(['registers'], 'general detect: QEMU has none',
            { String ours, String qemu, String test -> test == 'general detect' && !qemu.contains('01@') }),
        new QemuDifference(['code'], 'DR6 may or may not show a breakpoint that is met but not enabled, SDM vol. 3B "Debug Status Register": QEMU shows it',
            { String ours, String qemu, String test -> test.startsWith('three at one place') && qemu == ours.replace(':0009', ':000b') }),
        new QemuDifference(['code', 'user'], 'INT1 is #DB: QEMU raises #UD',
            { String ours, String qemu, String test -> test.startsWith('INT1') && qemu.contains('06@000a') }),
        new QemuDifference(['code'], 'a breakpoint at a repeated string instruction is met once, for RF is pushed between two elements: QEMU has one for each',
            { String ours, String qemu, String test -> test == 'at a repeated instruction' && qemu == "$ours${ours.substring(test.length()) * 2}".toString() }),
        new QemuDifference(['data'], 'an access beyond a segment\'s limit is #GP: QEMU checks no limits',
            { String ours, String qemu, String test -> test == 'not if it faults' && ours.contains(' 0d@') && !qemu.contains('0d@') }),
        new QemuDifference(['data'], 'MOV SS holds debug exceptions back by one instruction, and a breakpoint there is passed over, SDM vol. 3A ' +
            '"Masking Exceptions and Interrupts When Switching Stacks": QEMU does neither',
            { String ours, String qemu, String test -> test.startsWith('MOV SS') }),
        new QemuDifference(['ports'], 'a repeated OUTS stops after each element: QEMU stops after the last',
            { String ours, String qemu, String test -> test == 'strings' && qemu == ours.replace(' 01@0022:0001R-', '') }),
        new QemuDifference(['steps'], 'a trap after an instruction comes before the breakpoint at the next one, SDM vol. 3A "Priority Among Concurrent Events": QEMU has one #DB for both',
            { String ours, String qemu, String test -> test in ['and a breakpoint of code', 'MOV DR7'] && qemu.contains(':4001-T') }),
        new QemuDifference(['steps'], 'single step and a data breakpoint of one instruction are one #DB: QEMU raises another in the handler',
            { String ours, String qemu, String test -> test == 'and one of data' && qemu.contains(':4008-- 01@0023:0000-T') }),
        new QemuDifference(['steps'], 'STI holds back interrupts only, SDM vol. 2B "STI": QEMU holds the trap back, too',
            { String ours, String qemu, String test -> test == 'STI' && qemu == ours.replace(' 01@000a:4000-T', '') }),
        new QemuDifference(['tasks'], 'a task switch clears LE, too, SDM vol. 3B "Debug Control Register": QEMU leaves it',
            { String ours, String qemu, String test -> test == 'local breakpoints end' && qemu == ours.replace('6aa', '7aa') }),
        new QemuDifference(['tasks'], 'T of a TSS is #DB: QEMU does not look at it',
            { String ours, String qemu, String test -> test.startsWith('T') && qemu == ours.replaceFirst(/ 01@[0-9a-f]{4}:8000--/, '') }),
    ]

    static QemuDifference find(List<QemuDifference> table, String section, String ours, String qemu, String test) {
        table.find { section in it.sections && it.explains.call(ours, qemu, test) }
    }

    /** Whether QEMU has all bits of ours, word by word. */
    private static boolean keeps(String[] ours, String[] qemu) {
        ours.length == qemu.length && (0..<ours.length).every { int i -> flags(ours[i]) && (bits(ours[i]) & bits(qemu[i])) == bits(ours[i]) }
    }

    /** Whether A is all that QEMU has more, in the directory's entry (upper half) or the table's. */
    private static boolean accessed(String ours, String qemu, int more) {
        ours ==~ /[0-9a-f]{4}\/[0-9a-f]{8}/ && qemu.substring(4) == ours.substring(4) && bits(qemu.take(4)) == (bits(ours.take(4)) | more)
    }

    private static boolean flags(String word) {
        word ==~ /[0-9a-f]{8}/
    }

    private static long bits(String word) {
        word ==~ /[0-9a-f]+/ ? Long.parseLong(word, 16) : -1
    }
}
