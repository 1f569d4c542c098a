package lguest.shell.repl;

import java.util.List;
import java.util.function.Function;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the editor when Enter does not end the input yet. Of words it knows only the one that completion is about. */
final class PromptParser implements Parser {
    private final Function<String, Place> place;

    /** @param place of the cursor, for the text up to it */
    PromptParser(Function<String, Place> place) {
        this.place = place;
    }

    private record Word(String line, int cursor, String word) implements ParsedLine {
        @Override
        public int wordCursor() {
            return word.length();
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word);
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && !line.strip().startsWith(":") && Unfinished.is(line)) {
            throw new EOFError(-1, cursor, "the input goes on", "");
        }
        return new Word(line, cursor, place.apply(line.substring(0, cursor)).prefix());
    }
}
