package lguest.net;

import java.util.function.Function;

/** One conversation of an HTTP server: a request, and the answer of a function. */
final class HttpServer implements TcpApplication {
    private static final int MOST_REQUEST_BYTES = 1 << 20;

    private final Function<HttpRequest, HttpResponse> answers;
    private final ByteQueue request = new ByteQueue();
    private TcpConnection connection;
    private byte[] answer;
    private int said;

    private HttpServer(Function<HttpRequest, HttpResponse> answers) {
        this.answers = answers;
    }

    static TcpTable.Endpoint endpoint(Function<HttpRequest, HttpResponse> answers) {
        HttpServer server = new HttpServer(answers);
        return new TcpTable.Endpoint(server, connection -> {
            server.connection = connection;
            connection.accept();
        });
    }

    @Override
    public void readable() {
        ByteQueue in = connection.read();
        byte[] more = in.copy(0, in.size());
        connection.consumed(more.length);
        if (answer != null) {
            return;
        }
        request.add(more, 0, more.length);
        try {
            HttpRequest whole = HttpRequest.parse(request.copy(0, request.size()));
            if (whole != null) {
                answer(answers.apply(whole));
            } else if (request.size() > MOST_REQUEST_BYTES) {
                answer(HttpResponse.text(413, "more than a MiB\n"));
            }
        } catch (IllegalArgumentException none) {
            answer(HttpResponse.text(400, "no request: " + none.getMessage() + "\n"));
        }
    }

    private void answer(HttpResponse response) {
        byte[] head = response.head();
        answer = new byte[head.length + response.body().length];
        System.arraycopy(head, 0, answer, 0, head.length);
        System.arraycopy(response.body(), 0, answer, head.length, response.body().length);
        writable();
    }

    @Override
    public void writable() {
        while (answer != null && said < answer.length && connection.room() > 0) {
            said += connection.write(answer, said, answer.length - said);
        }
        if (answer != null && said == answer.length) {
            connection.finish();
        }
    }

    /** A client that closes its side before it has asked gets no answer. */
    @Override
    public void ended() {
        if (answer == null) {
            connection.finish();
        }
    }

    @Override
    public void gone(boolean broken) {
        answer = null;
    }
}
