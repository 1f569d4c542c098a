package lguest.dsl;

import lguest.dsl.event.ScriptEvent;

/** The words inside {@code report('file.md') { }}. The file is written when the script ends, however it ends. */
public interface ReportSpec {
    /** The heading of the report; its file name unless said otherwise. */
    void title(Object text);

    /** {@code count hypercalls by { it.name } top 10}. */
    Tally count(ScriptEvent event);

    /** Of the guest whose they are: {@code count console by { it.text }}. */
    Tally count(EventNoun all);

    /** {@code time hypercalls(SEND_DMA) by { it.key }}: how long the host took over each. */
    Tally time(ScriptEvent event);

    Tally time(EventNoun all);

    /** All hypercalls. */
    ScriptEvent getHypercalls();

    ScriptEvent hypercalls(Object... names);

    /** All faults. */
    ScriptEvent getFaults();

    ScriptEvent faults(Object... vectors);
}
