package lguest.cpu;

/** Why the processor stops executing after the present instruction and hands over to whoever runs it. */
public enum Leave {
    /** Nothing: it goes on. */
    NONE,
    /** INT n, INT3 or INTO executed; {@link CpuState#leaveVector} says which, {@link CpuState#leaveEip} where it began. */
    SOFTWARE_INTERRUPT,
    /** INT1: #DB, whatever the DPL of its gate. */
    INT1,
    /** HLT at CPL 0. */
    HALT,
    /** IN: the port value is due in AL, AX or EAX; {@link CpuState#leavePort}, {@link CpuState#leaveBits}. */
    PORT_IN,
    /** OUT: {@link CpuState#leaveValue} goes to {@link CpuState#leavePort}. */
    PORT_OUT,
    /** INS: as IN, but the value is due at ES:EDI; complete it with {@code Ports.completeIns}. */
    PORT_IN_STRING,
    /** Something outside asks to look at the state at the next boundary (watchpoint hit, pause). */
    ATTENTION
}
