package lguest.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lguest.device.SystemError;
import lguest.dsl.GuestTest;
import lguest.dsl.GuestTest.Outcome;
import lguest.shell.launcher.StandardStreams;
import lguest.shell.render.JUnitXml;
import lguest.shell.render.PlainText;

/** The door to tests written as scripts: runs them one after the other and says how they ended. */
final class Tests {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final boolean verbose;

    private Tests(PrintStream out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    /**
     * @param filter a text that names of tests have to contain
     * @param xml where the outcome is written for machines; null for nowhere
     * @return the exit status
     */
    static int run(List<Path> places, String filter, Path xml, boolean verbose) {
        List<GuestTest> tests = new ArrayList<>();
        for (Path place : places) {
            if (!Files.exists(place)) {
                System.err.println("lguest: test: " + place + ": no such file or folder");
                return USAGE;
            }
            GuestTest.in(place).stream().filter(test -> test.getName().contains(filter)).forEach(tests::add);
        }
        if (tests.isEmpty()) {
            System.err.println("lguest: test: no .lgs file" + (filter.isEmpty() ? "" : " whose name contains '" + filter + "'") + " in " + places);
            return USAGE;
        }
        return new Tests(StandardStreams.text(), verbose).run(tests, xml);
    }

    private int run(List<GuestTest> tests, Path xml) {
        List<Outcome> outcomes = new ArrayList<>();
        for (GuestTest test : tests) {
            Outcome outcome = test.run();
            outcomes.add(outcome);
            show(outcome);
        }
        long failed = outcomes.stream().filter(outcome -> !outcome.isWell()).count();
        out.println(summary(outcomes));
        if (xml != null) {
            try {
                Files.writeString(xml, JUnitXml.of(outcomes));
            } catch (IOException unwritten) {
                System.err.println("lguest: test: " + xml + ": " + SystemError.text(unwritten));
                return FAILED;
            }
        }
        return failed == 0 ? 0 : FAILED;
    }

    private void show(Outcome outcome) {
        out.println(String.format(Locale.ROOT, "%-7s %s (%.1f s)", outcome.getResult().name().toLowerCase(Locale.ROOT),
            outcome.getTest().getName(), outcome.getTime().toMillis() / 1000.0));
        if (outcome.getMessage() != null) {
            out.println(outcome.getMessage().indent(4).stripTrailing());
        }
        if (!outcome.isWell()) {
            out.print(outcome.getGuests().indent(4));
        }
        if (!outcome.isWell() || verbose) {
            out.print(PlainText.of(outcome.getOut()).indent(4));
            out.print(PlainText.of(outcome.getErr()).indent(4));
        }
    }

    /** {@code 3 tests: 2 passed, 1 failed}. */
    private static String summary(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder(outcomes.size() + (outcomes.size() == 1 ? " test: " : " tests: "));
        List<String> parts = new ArrayList<>();
        for (GuestTest.Result result : GuestTest.Result.values()) {
            long count = outcomes.stream().filter(outcome -> outcome.getResult() == result).count();
            if (count > 0) {
                parts.add(count + " " + result.name().toLowerCase(Locale.ROOT));
            }
        }
        return text.append(String.join(", ", parts)).toString();
    }
}
