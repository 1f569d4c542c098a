package lguest.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.cpu.Segment;
import lguest.isa.Decoder;
import lguest.isa.Disassembler;
import lguest.isa.Insn;
import lguest.load.KernelSymbols;
import lguest.machine.AddressException;
import lguest.machine.Guest;

/**
 * Instructions of a guest, with its symbols; an arrow shows the next one to execute:
 *
 * <pre>
 * do_page_fault:
 *    0xc0101234  55                    push   ebp
 * => 0xc0101235  e8 c1 00 00 00        call   0xc01012fb <printk>
 * </pre>
 */
public final class Listing {
    /** Bytes shown of one instruction: longer ones are cut. */
    private static final int SHOWN_BYTES = 7;
    private static final Pattern TARGET = Pattern.compile("0x([0-9a-f]{5,8})$");

    private Listing() {
    }

    /**
     * @param linear where to begin
     * @param count of instructions; fewer come where memory ends
     * @param att as the GNU assembler writes it, instead of as the SDM does
     * @throws AddressException if there is no memory at all
     */
    public static String of(Guest guest, int linear, int count, boolean att) {
        KernelSymbols symbols = guest.symbols();
        int next = guest.cpu().segments[Segment.CS].base + guest.cpu().eip;
        boolean code32 = guest.cpu().segments[Segment.CS].big();
        List<String> lines = new ArrayList<>();
        int at = linear;
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[Decoder.MAX_LENGTH];
            int mapped = guest.readLinear(at, bytes);
            Insn insn = mapped == 0 ? null : decode(bytes, mapped, code32);
            if (insn == null) {
                if (i == 0) {
                    throw new AddressException(guest.name(), at);
                }
                break;
            }
            int here = at;
            symbols.at(here).filter(symbol -> symbol.offset() == 0 || here == linear).ifPresent(symbol -> lines.add(symbol + ":"));
            lines.add(line(at == next, at, bytes, insn, att ? Disassembler.att(insn, at) : Disassembler.intel(insn, at), symbols));
            at += insn.length();
        }
        return String.join("\n", lines);
    }

    /** @return null if the instruction does not end in mapped memory */
    private static Insn decode(byte[] bytes, int mapped, boolean code32) {
        int[] at = {0};
        Insn insn = Decoder.decode(() -> at[0] < bytes.length ? bytes[at[0]++] & 0xFF : 0, code32);
        return insn.length() > mapped ? null : insn;
    }

    private static String line(boolean next, int at, byte[] bytes, Insn insn, String text, KernelSymbols symbols) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < insn.length() && i < SHOWN_BYTES; i++) {
            hex.append(String.format("%02x ", bytes[i]));
        }
        return String.format("%s 0x%08x  %-21s %s%s", next ? "=>" : "  ", at, hex, text, target(text, symbols)).stripTrailing();
    }

    private static String target(String text, KernelSymbols symbols) {
        Matcher matcher = TARGET.matcher(text);
        return matcher.find() ? symbols.at((int) Long.parseLong(matcher.group(1), 16)).map(symbol -> " <" + symbol + ">").orElse("") : "";
    }
}
