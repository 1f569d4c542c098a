package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.time.Duration
import lguest.cpu.CpuState
import lguest.dsl.Hook
import lguest.dsl.Instructions
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.event.Events
import lguest.machine.Limit
import lguest.machine.Stop

/**
 * Calls a function of a guest that stands still, on its stack, and puts the registers back as they were. It comes back to where the
 * guest stood, with a stack as deep: whoever else comes by there meanwhile is another.
 */
@CompileStatic
final class GuestCall {
    private static final Set<String> OPTIONS = ['regparm', 'timeout'] as Set<String>
    private static final Duration PATIENCE = Duration.ofSeconds(10)
    private static final int MOST_ARGUMENTS = 32
    /** Registers of the first arguments where the compiler was told {@code -mregparm=3}, as for Linux. */
    private static final List<Integer> IN_ORDER = [CpuState.EAX, CpuState.EDX, CpuState.ECX]
    private static final int ALIGNMENT = 16
    private static final int WORD = 4

    private final ScriptedGuest guest
    private final String name
    private final Map<String, ?> how
    private int stack

    private GuestCall(ScriptedGuest guest, Object function, Map<String, ?> how) {
        this.guest = guest
        this.name = "call(${function instanceof CharSequence ? "'${function}'" : function})"
        this.how = how
    }

    /** @return what the function left in EAX, unsigned */
    static long of(ScriptedGuest guest, Map<String, ?> how, Object function, List<?> arguments) {
        new GuestCall(guest, function, how).make(guest.address(function), arguments)
    }

    private long make(int function, List<?> arguments) {
        check(arguments)
        CpuState cpu = guest.engine.cpu()
        int[] registers = cpu.regs.clone()
        int eip = cpu.eip
        int eflags = cpu.eflags()
        stack = registers[CpuState.ESP] & -ALIGNMENT
        List<Integer> words = arguments.collect { word(it) }
        place(words, cpu)
        int depth = stack
        push(guest.cpu.linearEip as int)
        cpu.regs[CpuState.ESP] = stack
        cpu.eip = function
        guest.engine.rouse()
        Hook back = guest.stop(Events.at(guest.cpu.linear(eip))).when { -> Integer.compareUnsigned(cpu.regs[CpuState.ESP], depth) >= 0 }
        Stop stop = guest.session.runTo(back, limit())
        if (stop.kind() != Stop.Kind.BREAKPOINT || cpu.eip != eip || Integer.compareUnsigned(cpu.regs[CpuState.ESP], depth) < 0) {
            throw new ScriptFailure("${name} did not come back: ${stop.reason().trim()}; guest ${guest.name} is at ${guest.where}")
        }
        long result = cpu.regs[CpuState.EAX] & 0xFFFFFFFFL
        System.arraycopy(registers, 0, cpu.regs, 0, registers.length)
        cpu.setEflags(eflags)
        result
    }

    private void check(List<?> arguments) {
        String unknown = how.keySet().find { !(it in OPTIONS) }
        if (unknown != null) {
            throw new ScriptFailure("${name}: no option ${unknown}" + Similar.hint(unknown, OPTIONS))
        }
        if (!(how.regparm in [null, 0, 1, 2, 3])) {
            throw new ScriptFailure("${name}: regparm ${how.regparm}: can be 0 to 3")
        }
        if (arguments.size() > MOST_ARGUMENTS) {
            throw new ScriptFailure("${name}: ${arguments.size()} arguments; can be 0 to ${MOST_ARGUMENTS}")
        }
        if (guest.session.inHook(guest)) {
            throw new ScriptFailure("${name}: a hook is in the middle of an instruction; stop the guest, and call then")
        }
        if (!guest.engine.alive() || guest.past) {
            throw new ScriptFailure("${name}: ${guest}")
        }
        if (guest.cpu.cpl == 3) {
            throw new ScriptFailure("${name}: guest ${guest.name} is in a program, whose stack is no kernel's: stop it in the kernel")
        }
    }

    /** The first three are given both ways unless told otherwise: in registers and on the stack. More than that can be meant only one way. */
    private void place(List<Integer> words, CpuState cpu) {
        int inRegisters = how.regparm == null ? (words.size() <= IN_ORDER.size() ? words.size() : 0) : Math.min(how.regparm as int, words.size())
        List<Integer> onStack = how.regparm == null ? words : words.drop(inRegisters)
        stack = stack - WORD * onStack.size() & -ALIGNMENT
        stack += WORD * onStack.size()
        onStack.reverse().each { push(it) }
        (0..<inRegisters).each { int i -> cpu.regs[IN_ORDER[i]] = words[i] }
    }

    /** A number, or text, which is put on the stack with a zero behind it. */
    private int word(Object argument) {
        if (!(argument instanceof CharSequence)) {
            return guest.word("${name}: argument", argument)
        }
        byte[] text = argument.toString().getBytes('UTF-8')
        stack = stack - text.length - 1 & -WORD
        guest.memory.write(stack, Arrays.copyOf(text, text.length + 1))
        stack
    }

    private void push(int word) {
        stack -= WORD
        guest.memory.u32(stack, word)
    }

    private Limit limit() {
        Object timeout = how.timeout ?: PATIENCE
        switch (timeout) {
            case Duration: return Limit.guestTime((Duration) timeout)
            case Instructions: return Limit.instructions(((Instructions) timeout).count())
            default: throw new ScriptFailure("${name}: timeout ${timeout}: say the unit, ${timeout}.seconds")
        }
    }
}
