package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Segment

/** The registers of a guest, unsigned. They can be set while the guest does not run, and in hooks. */
@CompileStatic
final class Cpu {
    private static final long MASK = 0xFFFFFFFFL

    private final ScriptedGuest guest

    @PackageScope
    Cpu(ScriptedGuest guest) {
        this.guest = guest
    }

    long getEax() { register(CpuState.EAX) }
    long getEcx() { register(CpuState.ECX) }
    long getEdx() { register(CpuState.EDX) }
    long getEbx() { register(CpuState.EBX) }
    long getEsp() { register(CpuState.ESP) }
    long getEbp() { register(CpuState.EBP) }
    long getEsi() { register(CpuState.ESI) }
    long getEdi() { register(CpuState.EDI) }

    void setEax(Object value) { register('eax', CpuState.EAX, value) }
    void setEcx(Object value) { register('ecx', CpuState.ECX, value) }
    void setEdx(Object value) { register('edx', CpuState.EDX, value) }
    void setEbx(Object value) { register('ebx', CpuState.EBX, value) }
    void setEsp(Object value) { register('esp', CpuState.ESP, value) }
    void setEbp(Object value) { register('ebp', CpuState.EBP, value) }
    void setEsi(Object value) { register('esi', CpuState.ESI, value) }
    void setEdi(Object value) { register('edi', CpuState.EDI, value) }

    long getEip() { read { CpuState cpu -> cpu.eip } }
    void setEip(Object value) { change('eip', value) { CpuState cpu, int to -> cpu.eip = to } }

    /** Where an offset in the code segment is in linear memory. */
    long linear(int offset) { read { CpuState cpu -> cpu.segments[Segment.CS].base + offset } }

    /** The linear address of the next instruction. */
    long getLinearEip() { read { CpuState cpu -> cpu.segments[Segment.CS].base + cpu.eip } }

    /** All of EFLAGS; setting it asks for no privilege. */
    long getEflags() { read { CpuState cpu -> cpu.eflags() } }
    void setEflags(Object value) { change('eflags', value) { CpuState cpu, int to -> cpu.setEflags(to) } }

    /** The set flags by name: {@code ZF PF IF}. */
    String getFlags() { Eflags.describe((int) eflags) }

    /** Current privilege level, 0 to 3. */
    int getCpl() { (int) read { CpuState cpu -> cpu.cpl } }

    long getCr0() { read { CpuState cpu -> cpu.cr0 } }
    long getCr2() { read { CpuState cpu -> cpu.cr2 } }
    void setCr2(Object value) { change('cr2', value) { CpuState cpu, int to -> cpu.cr2 = to } }
    long getCr3() { read { CpuState cpu -> cpu.cr3 } }
    long getCr4() { read { CpuState cpu -> cpu.cr4 } }

    /** Selectors. */
    long getCs() { selector(Segment.CS) }
    long getDs() { selector(Segment.DS) }
    long getEs() { selector(Segment.ES) }
    long getFs() { selector(Segment.FS) }
    long getGs() { selector(Segment.GS) }
    long getSs() { selector(Segment.SS) }

    /** Instructions executed since the start. */
    long getInstructions() { guest.look { guest.engine.cpu().instructions } as long }

    private long selector(int number) { read { CpuState cpu -> cpu.segments[number].selector } }

    private long register(int number) { read { CpuState cpu -> cpu.regs[number] } }

    private void register(String name, int number, Object value) {
        change(name, value) { CpuState cpu, int to -> cpu.regs[number] = to }
    }

    private long read(Closure<Integer> what) {
        guest.look { what.call(guest.engine.cpu()) & MASK } as long
    }

    private void change(String name, Object value, Closure<?> how) {
        int to = guest.word(name, value)
        guest.change(name) { how.call(guest.engine.cpu(), to) }
    }

    @Override
    String toString() {
        guest.look {
            [String.format('eax %08x  ebx %08x  ecx %08x  edx %08x', eax, ebx, ecx, edx),
             String.format('esi %08x  edi %08x  ebp %08x  esp %08x', esi, edi, ebp, esp),
             String.format('eip %08x  cpl %d  eflags %08x [%s]', eip, cpl, eflags, flags)].join('\n')
        } as String
    }
}
