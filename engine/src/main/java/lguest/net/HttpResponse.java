package lguest.net;

import java.nio.charset.StandardCharsets;

/**
 * What a server of a script answers.
 *
 * @param status 200 and so on
 * @param type {@code text/plain}
 */
public record HttpResponse(int status, String type, byte[] body) {
    /** Text in UTF-8. */
    public static HttpResponse text(int status, String text) {
        return new HttpResponse(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes as they are. */
    public static HttpResponse bytes(byte[] body) {
        return new HttpResponse(200, "application/octet-stream", body);
    }

    byte[] head() {
        String reason = status < 400 ? "OK" : status < 500 ? "Not this" : "Failed";
        return ("HTTP/1.0 " + status + " " + reason + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
            + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
