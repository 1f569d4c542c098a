package lguest.sem

import groovy.transform.CompileStatic
import java.lang.reflect.Method
import java.lang.reflect.Parameter
import lguest.cpu.CpuState
import lguest.cpu.Segment
import lguest.mem.LinearMemory
import lguest.mem.PageWalk
import lguest.mem.PhysicalMemory

/** A processor with 64 KiB of flat memory that executes single x87 instructions by calling their methods. */
@CompileStatic
class X87Bench {
    static final int STATE = 0x2000
    static final int OPERAND = 0x3000

    final CpuState cpu = new CpuState()
    final PhysicalMemory physical = new PhysicalMemory(0x10000)
    final LinearMemory mem
    private final Map<String, Method> methods =
        [X87Arithmetic, X87Compare, X87Constants, X87Control, X87Functions, X87Load, X87Move, X87Store, X87Transcendental]
            .collectMany { Class<?> type -> type.methods.findAll { it.isAnnotationPresent(Semantics) } }
            .collectEntries { [it.name, it] } as Map<String, Method>

    X87Bench() {
        mem = new LinearMemory(cpu, physical, new PageWalk() {
            int translate(int linear, boolean write, boolean user) {
                linear & -4096 | PageWalk.WRITABLE | PageWalk.USER
            }

            int peek(int linear) {
                linear & -4096
            }
        })
        for (Segment segment : cpu.segments) {
            segment.load(8, 0x0000FFFF, 0x00CF9300)
        }
        cpu.segments[Segment.CS].load(16, 0x0000FFFF, 0x00CF9B00)
    }

    Method method(X87Row row) {
        Method method = methods[row.method]
        if (method == null) {
            throw new IllegalStateException("x87.tsv: no method $row.method for $row")
        }
        method
    }

    X87Answer run(X87Case one) {
        physical.write(STATE, one.state, 0, one.state.length)
        physical.write(OPERAND, one.memory, 0, one.memory.length)
        X87Control.frstor(cpu, mem, Segment.DS, STATE, 32)
        cpu.eflags = one.eflags
        cpu.regs[CpuState.EAX] = one.eax
        execute(one.row, one.sti, one.operandBits)
        X87Answer answer = new X87Answer(eflags: cpu.eflags(), eax: cpu.regs[CpuState.EAX])
        X87Control.fnsave(cpu, mem, Segment.DS, STATE, 32)
        physical.read(STATE, answer.state, 0, answer.state.length)
        physical.read(OPERAND, answer.memory, 0, answer.memory.length)
        answer
    }

    void execute(X87Row row, int sti, int operandBits) {
        Method method = method(row)
        Parameter[] parameters = method.parameters
        Object[] arguments = new Object[parameters.length]
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(parameters[i], row, sti, operandBits)
        }
        Object result
        try {
            result = method.invoke(null, arguments)
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.cause
        }
        if (method.returnType != void) {
            cpu.setReg16(CpuState.EAX, result as int)
        }
    }

    private Object argument(Parameter parameter, X87Row row, int sti, int operandBits) {
        switch (parameter.name) {
            case 'cpu': return cpu
            case 'mem': return mem
            case 'segment': return Segment.DS
            case 'offset': return OPERAND
            case 'bits': return row.memoryBits
            case 'operandBits': return operandBits
            case 'self': return 0x1234
            case 'sti': return sti
            default: throw new IllegalStateException("$row.method: no value for parameter $parameter.name")
        }
    }
}
