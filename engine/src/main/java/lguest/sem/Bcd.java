package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Vector;

/** Decimal adjustment (SDM vol. 2A "AAA", "DAA" and neighbours). */
public final class Bcd {
    private static final int AX = 0;

    private Bcd() {
    }

    @Semantics
    public static void aaa(CpuState cpu) {
        int ax = cpu.reg16(AX);
        boolean adjust = (ax & 0xF) > 9 || cpu.af();
        unpacked(cpu, adjust ? ax + 0x106 : ax, adjust);
    }

    @Semantics
    public static void aas(CpuState cpu) {
        int ax = cpu.reg16(AX);
        boolean adjust = (ax & 0xF) > 9 || cpu.af();
        unpacked(cpu, adjust ? ax - 0x106 : ax, adjust);
    }

    private static void unpacked(CpuState cpu, int ax, boolean adjust) {
        cpu.setReg16(AX, ax & 0xFF0F);
        Flags.resultFlags(cpu, ax & 0xF, adjust, false, 8);
        cpu.flagAux |= adjust ? Eflags.AF : 0;
    }

    @Semantics
    public static void daa(CpuState cpu) {
        int al = cpu.reg8(AX);
        boolean adjust = (al & 0xF) > 9 || cpu.af();
        boolean carry = al > 0x99 || cpu.cf();
        packed(cpu, al + (adjust ? 6 : 0) + (carry ? 0x60 : 0), adjust, carry);
    }

    @Semantics
    public static void das(CpuState cpu) {
        int al = cpu.reg8(AX);
        boolean adjust = (al & 0xF) > 9 || cpu.af();
        boolean high = al > 0x99 || cpu.cf();
        boolean borrow = adjust && (al < 6 || cpu.cf());
        packed(cpu, al - (adjust ? 6 : 0) - (high ? 0x60 : 0), adjust, high || borrow);
    }

    private static void packed(CpuState cpu, int al, boolean adjust, boolean carry) {
        cpu.setReg8(AX, al);
        Flags.resultFlags(cpu, al, carry, false, 8);
        cpu.flagAux |= adjust ? Eflags.AF : 0;
    }

    /** AAM: divides AL by the immediate (10 in the mnemonic's plain form); #DE if that is 0. */
    @Semantics
    public static void aam(CpuState cpu, int base) {
        if (base == 0) {
            throw cpu.fault(Vector.DE, 0);
        }
        int al = cpu.reg8(AX);
        cpu.setReg16(AX, al / base << 8 | al % base);
        Flags.logicFlags(cpu, al % base, 8);
    }

    /** AAD: AL + AH * base. The flags are those of that addition, which leaves nothing undefined. */
    @Semantics
    public static void aad(CpuState cpu, int base) {
        int al = cpu.reg8(AX);
        int tens = (cpu.reg16(AX) >>> 8) * base & 0xFF;
        cpu.setReg16(AX, Flags.addFlags(cpu, al, tens, al + tens, 8));
    }
}
