package lguest.shell.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Long options as the C library's parser takes them: anywhere among the arguments, abbreviated as long as they are unique, values
 * after {@code =} or as the next argument; {@code --} ends them.
 */
final class OptionParser {
    /** Options with a value end in {@code =}. */
    private final List<String> known;
    private final Set<Character> shorts;

    /** One option as it was given. */
    record Option(String name, String value) {
    }

    /** What was found: options and positional arguments, each in order. */
    record Parsed(List<Option> options, List<String> positional) {
    }

    OptionParser(List<String> known, Set<Character> shorts) {
        this.known = known;
        this.shorts = shorts;
    }

    Parsed parse(List<String> arguments) {
        List<Option> options = new ArrayList<>();
        List<String> positional = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                positional.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (argument.startsWith("--")) {
                i += longOption(arguments, i, options);
            } else if (argument.length() > 1 && argument.startsWith("-")) {
                shortOptions(arguments, i, options);
            } else {
                positional.add(argument);
            }
        }
        return new Parsed(options, positional);
    }

    /** @return how many further arguments it used */
    private int longOption(List<String> arguments, int at, List<Option> options) {
        String argument = arguments.get(at).substring(2);
        int equals = argument.indexOf('=');
        String given = equals < 0 ? argument : argument.substring(0, equals);
        String option = find(given, arguments, at);
        boolean takesValue = option.endsWith("=");
        String name = takesValue ? option.substring(0, option.length() - 1) : option;
        if (!takesValue) {
            if (equals >= 0) {
                throw unknown("option '--" + name + "' doesn't allow an argument", arguments, at);
            }
            options.add(new Option(name, null));
            return 0;
        }
        if (equals >= 0) {
            options.add(new Option(name, argument.substring(equals + 1)));
            return 0;
        }
        if (at + 1 == arguments.size()) {
            throw unknown("option '--" + name + "' requires an argument", arguments, at);
        }
        options.add(new Option(name, arguments.get(at + 1)));
        return 1;
    }

    private String find(String given, List<String> arguments, int at) {
        List<String> matches = new ArrayList<>();
        for (String option : known) {
            String name = option.endsWith("=") ? option.substring(0, option.length() - 1) : option;
            if (name.equals(given)) {
                return option;
            }
            if (name.startsWith(given)) {
                matches.add(option);
            }
        }
        if (matches.size() == 1) {
            return matches.get(0);
        }
        throw unknown(matches.isEmpty() ? "unrecognized option '--" + given + "'"
            : "option '--" + given + "' is ambiguous; possibilities: --" + String.join(" --", matches).replace("=", ""), arguments, at);
    }

    private void shortOptions(List<String> arguments, int at, List<Option> options) {
        for (char letter : arguments.get(at).substring(1).toCharArray()) {
            if (!shorts.contains(letter)) {
                throw unknown("invalid option -- '" + letter + "'", arguments, at);
            }
            options.add(new Option(String.valueOf(letter), null));
        }
    }

    /** The original names the argument after the one that was wrong. */
    private static UsageException unknown(String complaint, List<String> arguments, int at) {
        String following = at + 1 < arguments.size() ? arguments.get(at + 1) : "(null)";
        return new UsageException("lguest: " + complaint + "\nlguest: Unknown argument " + following + "\n");
    }
}
