package lguest.shell.command;

import java.util.Locale;
import java.util.Map;
import lguest.load.KernelSymbols;
import lguest.machine.Guest;
import lguest.shell.render.Table;
import lguest.translate.Translation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :engine [-n N] [ADDRESS]}. */
@Command(name = "engine", description = "What interpreter and translator have done, and what has been executed most; or the translated code at an address.")
final class EngineCommand implements Runnable {
    private final Desk desk;

    @Option(names = "-n", paramLabel = "N", defaultValue = "5", description = "How many regions; ${DEFAULT-VALUE} if not given.")
    private int count;

    @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "A number, a symbol, a register or an expression.")
    private String address;

    EngineCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Guest guest = desk.guest();
        if (address != null) {
            int at = desk.address(address);
            String text = desk.look(() -> guest.region(at));
            desk.out().println(text != null ? text : String.format("nothing is translated at %#010x", at));
            return;
        }
        Map<String, Long> all = desk.look(guest::statisticsByName);
        Table numbers = new Table("engine " + guest.config().engine().name().toLowerCase(Locale.ROOT), "");
        all.forEach(numbers::row);
        desk.out().println(numbers);
        Table hottest = desk.look(() -> hottest(guest));
        if (!hottest.isEmpty()) {
            desk.out().println();
            desk.out().println(hottest);
        }
    }

    private Table hottest(Guest guest) {
        Table table = new Table("region at physical", "generation", "instructions", "bytecode", "executed", "symbol");
        guest.regions().stream().limit(Math.max(0, count)).forEach(it -> table.row(String.format("%#010x", physical(it)),
            it.source().optimized() ? 2 : 1, it.instructions(), it.codeBytes(), it.region().executed(), symbol(guest.symbols(), it)));
        return table;
    }

    private static int physical(Translation translation) {
        return translation.source().physicalPage() + translation.source().entry();
    }

    /** Where kernels are mapped, as lguest's and Linux's are. */
    private static String symbol(KernelSymbols symbols, Translation translation) {
        return translation.source().userMode() ? "" : symbols.at(physical(translation) + 0xC0000000).map(Object::toString).orElse("");
    }
}
