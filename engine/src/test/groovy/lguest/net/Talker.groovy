package lguest.net

import groovy.transform.CompileStatic
import java.security.MessageDigest

/** An application that says so many bytes, which are all different from what is next to them, and checks what it hears. */
@CompileStatic
class Talker implements TcpApplication {
    TcpConnection connection
    /** What to say before our side is closed; the other one's bytes are expected to be made of the same stuff. */
    long toSay
    long said
    long heard
    boolean wrong
    boolean opened
    boolean ended
    /** null while it lasts, then 'closed' or 'broken'. */
    String gone
    /** Reads what arrives; if not, the window fills. */
    boolean reads = true
    /** Closes our side after all is said. */
    boolean closes = true
    /** Says nothing before the other side has closed. */
    boolean waitsForEnd
    /** Sends back what it hears, instead of saying something. */
    boolean echoes

    static byte at(long position) { (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16)) }

    private void talk() {
        while (opened && !echoes && said < toSay && connection.room() > 0 && (!waitsForEnd || ended)) {
            def bytes = new byte[(int) Math.min(toSay - said, 1000)]
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = at(said + i)
            }
            said += connection.write(bytes, 0, bytes.length)
        }
        if (closes && opened && (echoes ? ended && connection.read().size() == 0 : said == toSay && (!waitsForEnd || ended))) {
            connection.finish()
        }
    }

    void listen() {
        def read = connection.read()
        if (!reads || read.size() == 0) {
            return
        }
        def bytes = read.copy(0, read.size())
        for (int i = 0; i < bytes.length; i++) {
            wrong |= bytes[i] != at(heard + i)
        }
        int taken = echoes ? connection.write(bytes, 0, bytes.length) : bytes.length
        wrong |= taken < bytes.length && !echoes
        heard += taken
        connection.consumed(taken)
    }

    @Override
    void opened() { opened = true; talk() }

    @Override
    void readable() { listen() }

    @Override
    void writable() { listen(); talk() }

    @Override
    void ended() { ended = true; listen(); talk() }

    @Override
    void gone(boolean broken) { assert gone == null; gone = broken ? 'broken' : 'closed' }
}
