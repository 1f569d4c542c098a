package lguest.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Answers questions for names out of a table (RFC 1035). */
final class Names {
    static final int PORT = 53;

    private static final int HEADER_BYTES = 12;
    private static final int LABEL_BYTES = 63;
    private static final int A = 1;
    private static final int INTERNET = 1;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int QUERY_MASK = 0xF800;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int SERVER_FAILURE = 2;
    private static final short POINTER_TO_QUESTION = (short) 0xC00C;
    private static final int MINUTE_SECONDS = 60;
    private static final int ANSWER_BYTES = 16;

    private final Map<String, Integer> table;

    /** @param table names in small letters */
    Names(Map<String, Integer> table) {
        this.table = table;
    }

    /** The one question of a query. @param end of it, in the query */
    private record Question(String name, int type, int end) {
    }

    /** @return null if the name is not in the table, or it is no question for a name */
    byte[] answer(byte[] query) {
        Question question = question(query);
        Integer address = question == null ? null : table.get(question.name());
        if (address == null) {
            return null;
        }
        // A name that is known and has no record of some type is an answer without one.
        boolean found = question.type() == A;
        ByteBuffer out = reply(query, question.end(), found ? ANSWER_BYTES : 0, 0);
        if (found) {
            out.putShort(6, (short) 1).putShort(POINTER_TO_QUESTION).putShort((short) A).putShort((short) INTERNET).putInt(MINUTE_SECONDS)
                .putShort((short) Integer.BYTES).putInt(address);
        }
        return out.array();
    }

    /** What to say if there is nobody else to ask. @return null if it is no question */
    static byte[] failure(byte[] query) {
        Question question = question(query);
        return question == null ? null : reply(query, question.end(), 0, SERVER_FAILURE).array();
    }

    private static ByteBuffer reply(byte[] query, int end, int more, int code) {
        ByteBuffer out = ByteBuffer.allocate(end + more).put(query, 0, end);
        int flags = RESPONSE | RECURSION_AVAILABLE | out.getShort(2) & RECURSION_DESIRED | code;
        return out.putShort(2, (short) flags).putShort(6, (short) 0).putInt(8, 0);
    }

    private static Question question(byte[] query) {
        ByteBuffer in = ByteBuffer.wrap(query);
        if (query.length < HEADER_BYTES || (in.getShort(2) & QUERY_MASK) != 0 || in.getShort(4) != 1) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (at < query.length && query[at] != 0) {
            int length = query[at] & 0xFF;
            if (length > LABEL_BYTES || at + 1 + length > query.length) {
                return null;
            }
            name.append(name.length() == 0 ? "" : ".").append(new String(query, at + 1, length, StandardCharsets.US_ASCII));
            at += 1 + length;
        }
        return at + 5 > query.length ? null
            : new Question(name.toString().toLowerCase(Locale.ROOT), in.getShort(at + 1) & 0xFFFF, at + 5);
    }
}
