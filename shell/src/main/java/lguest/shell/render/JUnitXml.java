package lguest.shell.render;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import lguest.dsl.GuestTest.Outcome;
import lguest.dsl.GuestTest.Result;

/** Outcomes of tests as the XML that JUnit's Ant task once wrote, and every build server reads. */
public final class JUnitXml {
    private JUnitXml() {
    }

    public static String of(List<Outcome> outcomes) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "lguest");
            xml.writeAttribute("tests", String.valueOf(outcomes.size()));
            for (Result result : List.of(Result.FAILED, Result.ERROR, Result.SKIPPED)) {
                xml.writeAttribute(result == Result.FAILED ? "failures" : result == Result.ERROR ? "errors" : "skipped",
                    String.valueOf(outcomes.stream().filter(outcome -> outcome.getResult() == result).count()));
            }
            xml.writeAttribute("time", seconds(outcomes.stream().mapToLong(outcome -> outcome.getTime().toMillis()).sum()));
            for (Outcome outcome : outcomes) {
                write(xml, outcome);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndDocument();
        } catch (XMLStreamException impossible) {
            // Nothing here can fail: it is all in memory.
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }

    /** The folder stands where Java has a class. */
    private static void write(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
        String path = outcome.getTest().getName();
        int slash = path.lastIndexOf('/');
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", slash < 0 ? "lgs" : path.substring(0, slash).replace('/', '.'));
        xml.writeAttribute("name", path.substring(slash + 1));
        xml.writeAttribute("time", seconds(outcome.getTime().toMillis()));
        if (outcome.getResult() != Result.PASSED) {
            xml.writeStartElement(outcome.getResult() == Result.FAILED ? "failure" : outcome.getResult() == Result.ERROR ? "error" : "skipped");
            xml.writeAttribute("message", clean(outcome.getMessage()).lines().findFirst().orElse(""));
            xml.writeCharacters(clean(outcome.getMessage() + "\n" + outcome.getGuests()));
            xml.writeEndElement();
        }
        element(xml, "system-out", outcome.getOut());
        element(xml, "system-err", outcome.getErr());
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement(name);
            xml.writeCharacters(clean(text));
            xml.writeEndElement();
        }
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    /** XML has no way to say most control characters, not even escaped. */
    private static String clean(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "?");
    }
}
