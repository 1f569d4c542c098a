package lguest.shell.command;

import java.util.List;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import lguest.load.KernelSymbols;
import lguest.load.Symbol;
import lguest.shell.render.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :symbols [TEXT]}. */
@Command(name = "symbols", description = "Symbols that contain a text, or the one at an address.")
final class Symbols implements Runnable {
    private static final int MOST = 40;
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{1,8}");

    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "TEXT|0xADDRESS")
    private String wanted;

    Symbols(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        KernelSymbols symbols = desk.guest().symbols();
        if (wanted == null) {
            desk.out().println(symbols.all().size() + " symbols");
        } else if (wanted.startsWith("0x")) {
            if (!ADDRESS.matcher(wanted).matches()) {
                throw new ScriptFailure("symbols " + wanted + ": not an address; expected 0x and up to 8 hexadecimal digits");
            }
            int address = desk.address(wanted);
            desk.out().println(symbols.at(address).map(Object::toString)
                .orElseThrow(() -> new ScriptFailure(String.format("no symbol at 0x%08x", address))));
        } else {
            list(symbols.all().stream().filter(symbol -> symbol.name().contains(wanted)).toList());
        }
    }

    private void list(List<Symbol> found) {
        if (found.isEmpty()) {
            throw new ScriptFailure("no symbol contains '" + wanted + "'");
        }
        Table table = new Table("address", "type", "symbol");
        found.stream().limit(MOST).forEach(symbol -> table.row(String.format("0x%08x", symbol.address()), symbol.type(), symbol.name()));
        desk.out().println(table);
        if (found.size() > MOST) {
            desk.out().println("and " + (found.size() - MOST) + " more");
        }
    }
}
