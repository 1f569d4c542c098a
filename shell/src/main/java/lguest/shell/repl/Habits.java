package lguest.shell.repl;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.shell.command.Registers;

/** What people type who know gdb: said in our words where the two differ in grammar, or answered with what does it here. */
final class Habits {
    private static final Pattern PLACED = Pattern.compile(":?(b|br|break|hbreak|tb|tbreak|thbreak|until|advance)\\s+\\*\\s*(\\S.*)");
    private static final Pattern SET_REGISTER = Pattern.compile(":?set\\s+(?:var(?:iable)?\\s+)?([$%]\\w+)\\s*=\\s*(.+)");
    private static final Pattern SET_MEMORY = Pattern.compile(
        ":?set\\s+(?:var(?:iable)?\\s+)?(?:\\{([\\w\\s]+)}\\s*|\\*\\s*(?:\\(([\\w\\s]+)\\*\\s*\\)\\s*)?)([^=\\s][^=]*?)\\s*=\\s*(.+)");
    private static final Pattern SHOWN = Pattern.compile(":?(?:print|inspect|output)(/[a-z]\\s.*)");
    private static final Pattern WATCH = Pattern.compile(":?([ra])watch(\\s.*)");
    private static final Pattern REVERSE = Pattern.compile("reverse-(?:stepi?|continue)(?:\\s.*)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
    /** A word that nothing Groovy can make use of follows; {@code set {int}} is none either. */
    private static final Pattern ASKED = Pattern.compile(
        ":?\\s*([A-Za-z][\\w-]*|!)(?:/\\w+)?(?:\\s+([^=.\\[{+\\-]|(?<=set\\s{1,9})\\{).*)?");
    /** Complaints of those who did not understand the line. */
    private static final Pattern NOT_UNDERSTOOD = Pattern.compile(
        "no (word|command|method|property) .*|\\w+ does not take .*|\\w+: say wh.*", Pattern.DOTALL);
    private static final Map<String, String> SIMPLE = Map.of(
        "interrupt", ":pause", "i", ":probes", "undisplay", ":probes");
    private static final Map<String, String> ANSWERS = new TreeMap<>();

    static {
        answer("l list edit", "there is no source here; dis ADDRESS disassembles");
        answer("k kill", "guest('NAME').stop() ends a guest for good; :pause only stops it where it is");
        answer("detach disconnect", "cont lets the guest go on; delete removes all that watches it");
        answer("run start starti", "boot starts a guest, cont has it go on");
        answer("f frame up down select-frame", "bt shows all frames; x/8xw $ebp looks into one");
        answer("display", "stop at('F') run { println cpu.eax } shows something at every stop, p EXPRESSION once");
        answer("commands", "stop at('F') run { println cpu.eax } does something at every stop");
        answer("j jump", "set $eip = ADDRESS, then cont");
        answer("thread inferior taskset", "guests lists guests, use NAME chooses one");
        answer("catch tcatch handle signal", "stop on(fault(PF)), stop on(hypercall(CRASH)), stop on(interrupt(0)) and the like");
        answer("rn rni reverse-next reverse-nexti reverse-finish", "rs N goes back by instructions, rc at('F') to where F was entered");
        answer("checkpoint restart", "remember, then rs and rc go back; fork() or save FILE keep a moment, load FILE goes back to it");
        answer("generate-core-file gcore dump append", "save FILE writes all of a guest, mem ADDRESS BYTES shows bytes");
        answer("find", "memory.find('text') searches memory");
        answer("file symbol-file add-symbol-file exec-file core-file", "symbols.load('System.map') has more symbols");
        answer("target attach", "guest('NAME') { kernel 'FILE' } builds a guest, boot starts it");
        answer("layout tui focus refresh winheight", "status on keeps guests in sight; dis and regs show the rest");
        answer("shell ! make", "'COMMAND'.execute().text runs a command of this machine");
        answer("define document", "def name() { ... } defines a word");
        answer("ptype whatis explore", "struct('name') { u32 'field' } declares a structure, to be laid over memory");
        answer("echo", "println 'TEXT' prints");
        answer("set show", "set $eax = 1 and set {int}ADDRESS = 1 set registers and memory");
        answer("monitor", "guests have no monitor; :help lists commands");
        answer("rbreak", "symbols.names('prefix').each { stop at(it) } stops at many");
    }

    private Habits() {
    }

    private static void answer(String words, String text) {
        for (String word : words.split(" ")) {
            ANSWERS.put(word, text);
        }
    }

    /**
     * The line in our words, if it is one of gdb's that would be misunderstood; otherwise the line.
     *
     * @param variables names that are no symbols here
     */
    static String ours(String line, Set<String> variables) {
        String text = line.strip();
        Matcher at = PLACED.matcher(text);
        if (at.matches()) {
            String verb = at.group(1).startsWith("t") ? ":tbreak " : at.group(1).matches("until|advance") ? ":until " : ":break ";
            return verb + at.group(2);
        }
        Matcher register = SET_REGISTER.matcher(text);
        if (register.matches() && Registers.of(register.group(1)) != null) {
            String value = register.group(2);
            boolean symbol = NAME.matcher(value).matches() && !variables.contains(value);
            return Registers.inGroovy(register.group(1) + " = " + (symbol ? "symbols.address('" + value + "')" : value));
        }
        Matcher memory = SET_MEMORY.matcher(text);
        if (memory.matches()) {
            return set(memory);
        }
        Matcher watch = WATCH.matcher(text);
        if (watch.matches()) {
            return ":watch -" + watch.group(1) + watch.group(2);
        }
        if (REVERSE.matcher(text).matches()) {
            return ":" + text;
        }
        Matcher shown = SHOWN.matcher(text);
        return shown.matches() ? "p" + shown.group(1) : SIMPLE.getOrDefault(text, line);
    }

    private static String set(MatchResult memory) {
        String type = memory.group(1) != null ? memory.group(1) : memory.group(2) != null ? memory.group(2) : "int";
        String width = type.matches(".*\\b(char|byte|int8_t|uint8_t)\\b.*") ? "u8" : type.matches(".*\\b(short|int16_t|uint16_t)\\b.*") ? "u16" : "u32";
        String place = NAME.matcher(memory.group(3)).matches() ? "'" + memory.group(3) + "'" : memory.group(3);
        return Registers.inGroovy("memory." + width + "(" + place + ", " + memory.group(4) + ")");
    }

    /**
     * What to say of a line that failed.
     *
     * @param complaint what would be said otherwise; null if it is no Groovy at all
     * @param variables names that mean something else here
     * @return null if the line is none of gdb's, or was understood
     */
    static String answer(String line, String complaint, Set<String> variables) {
        Matcher asked = ASKED.matcher(line.strip());
        boolean understood = complaint != null && !NOT_UNDERSTOOD.matcher(complaint).matches();
        if (understood || !asked.matches() || variables.contains(asked.group(1))) {
            return null;
        }
        String answer = ANSWERS.get(asked.group(1));
        return answer == null ? null : asked.group(1) + ": " + answer;
    }
}
