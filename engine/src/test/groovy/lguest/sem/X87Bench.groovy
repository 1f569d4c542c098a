package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Leave
import lguest.cpu.Segment
import lguest.interp.Engine
import lguest.interp.Interpreter
import lguest.mem.LinearMemory
import lguest.mem.PageWalk
import lguest.mem.PhysicalMemory

/** A processor with 64 KiB of flat memory that executes single x87 instructions. */
@CompileStatic
class X87Bench {
    static final int STATE = 0x2000
    static final int OPERAND = 0x3000
    private static final int CODE = 0x8000
    /** Register numbers times operand sizes. */
    private static final int FORMS = 16
    private static final int SLOT_BYTES = 16
    /** More instructions than there are. */
    private static final int ENOUGH = 100

    final CpuState cpu = new CpuState()
    final PhysicalMemory physical = new PhysicalMemory(0x10000)
    final LinearMemory mem
    final Engine engine
    final Interpreter interpreter
    /** The row whose instruction is in memory. */
    private X87Row written

    X87Bench(Engine engine = Engine.INTERPRETER) {
        this.engine = engine
        cpu.model = CpuModel.PENTIUM4
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
        interpreter = engine.on(cpu, mem)
    }

    X87Answer run(X87Case one) {
        physical.write(STATE, one.state, 0, one.state.length)
        physical.write(OPERAND, one.memory, 0, one.memory.length)
        X87Control.frstor(cpu, mem, Segment.DS, STATE, 32)
        cpu.eflags = one.eflags
        cpu.regs[CpuState.EAX] = one.eax
        if (one.row != written) {
            write(one.row)
        }
        execute(one.sti << 1 | one.operandBits >> 5)
        X87Answer answer = new X87Answer(eflags: cpu.eflags(), eax: cpu.regs[CpuState.EAX])
        X87Control.fnsave(cpu, mem, Segment.DS, STATE, 32)
        physical.read(STATE, answer.state, 0, answer.state.length)
        physical.read(OPERAND, answer.memory, 0, answer.memory.length)
        answer
    }

    /** The instruction in all its forms, each followed by INT3. */
    private void write(X87Row row) {
        for (int form = 0; form < FORMS; form++) {
            byte[] code = row.code(form >> 1, 16 << (form & 1))
            physical.write(CODE + SLOT_BYTES * form, code, 0, code.length)
            physical.write8(CODE + SLOT_BYTES * form + code.length, 0xCC)
        }
        written = row
    }

    private void execute(int form) {
        cpu.eip = CODE + SLOT_BYTES * form
        cpu.regs[CpuState.ECX] = OPERAND
        Interpreter.End end = interpreter.run(cpu.instructions + ENOUGH, false)
        if (cpu.leave != Leave.SOFTWARE_INTERRUPT) {
            throw new IllegalStateException("$written in form $form: $end ${interpreter.fault()}")
        }
    }
}
