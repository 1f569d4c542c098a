package lguest.net;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a guest asked a server of a script for. */
public final class HttpRequest {
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;

    private HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
    }

    /** {@code GET}. */
    public String getMethod() {
        return method;
    }

    /** With what follows a question mark. */
    public String getPath() {
        return path;
    }

    /** Names in whatever case. */
    public Map<String, String> getHeaders() {
        return Collections.unmodifiableMap(headers);
    }

    public byte[] getBody() {
        return body.clone();
    }

    /** The body as UTF-8. */
    public String getText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * @param bytes what has arrived so far
     * @return null if there has to be more
     * @throws IllegalArgumentException if it is no request
     */
    static HttpRequest parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return null;
        }
        String[] lines = text.substring(0, end).split("\r\n");
        String[] words = lines[0].split(" ");
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException(lines[0]);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException(lines[i]);
            }
            headers.put(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        int from = end + 4;
        if (length < 0) {
            throw new IllegalArgumentException("Content-Length " + length);
        }
        if (bytes.length - from < length) {
            return null;
        }
        byte[] body = new byte[length];
        System.arraycopy(bytes, from, body, 0, length);
        return new HttpRequest(words[0].toUpperCase(Locale.ROOT), words[1], headers, body);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
