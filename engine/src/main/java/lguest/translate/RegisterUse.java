package lguest.translate;

import java.util.List;
import lguest.isa.Operand;

/**
 * Decides which guest registers live in local variables while a region runs. They are faster there, but each call of a semantic
 * method or of another region moves them out and back, so regions that do more of that than loop leave them where they are.
 */
final class RegisterUse {
    private RegisterUse() {
    }

    /** @return bit n set: register n shall be local. A register in use is local if any is */
    static int locals(List<Part> parts) {
        int used = 0;
        boolean loops = false;
        for (Part part : parts) {
            loops |= part.taken != null && part.taken.index <= part.index || part.next != null && part.next.index <= part.index
                || part.returned != null && part.returned.index <= part.index;
            for (int i = 0; i < part.steps.size(); i++) {
                Step step = part.steps.get(i);
                if (step.calls() || !step.isEmitted(false)) {
                    return 0;
                }
                used |= registers(step);
            }
        }
        return loops ? used : 0;
    }

    private static int registers(Step step) {
        int used = switch (step.semantics()) {
            case "stack.pusha", "stack.popa" -> 0xFF;
            case "stack.push", "segments.push", "stack.pop", "control.call", "control.ret", "control.retImmediate" -> 1 << 4;
            case "stack.leave" -> 1 << 4 | 1 << 5;
            case "mov.cbw" -> 1;
            case "mov.cwd", "muldiv.mul", "muldiv.imul1" -> 1 | 1 << 2;
            case "control.loop", "control.loope", "control.loopne", "control.jcxz" -> 1 << 1;
            default -> 0;
        };
        for (Operand operand : step.insn().operands()) {
            if (operand instanceof Operand.Register register) {
                used |= 1 << (register.bits() == 8 ? register.number() & 3 : register.number());
            } else if (operand instanceof Operand.Memory memory) {
                used |= 1 << memory.base() | 1 << memory.index();
            }
        }
        return used & 0xFF;
    }
}
