package lguest.dsl;

import groovy.lang.Closure;
import java.util.Map;
import lguest.net.Transport;

/**
 * The words inside {@code usernet { }}. The guest is 10.0.2.15, as DHCP tells it; 10.0.2.2 is its router, and the host's own loopback
 * interface; 10.0.2.3 is its name server. What it says to others the host's sockets say for it.
 */
public interface UserNetSpec extends WireSpec {
    /** {@code forward 8022, to: 22}: a port of the host's loopback interface that leads to one of the guest. */
    void forward(Map<String, ?> options, Object port);

    /** {@code forward 5353, to: 53, udp}: the same for datagrams. */
    void forward(Map<String, ?> options, Object port, Transport transport);

    Transport getUdp();

    /** A name that the guest can look up: {@code name 'depot', '10.0.2.80'}. */
    void name(String name, String address);

    /**
     * An HTTP server: {@code serve('10.0.2.80', 80) { request -> "you asked for $request.path" }}.
     *
     * @param answer gets a {@link lguest.net.HttpRequest}, on the guest's thread, and gives text, a {@code byte[]}, a
     *     {@link lguest.net.HttpResponse}, or null if there is no such thing
     */
    void serve(String address, int port, Closure<?> answer);

    /** Who is asked for names that have no {@link #name}, instead of the host's own resolver. */
    void resolver(String address, int port);

    /** Nothing the guest says leaves lguest, but its answers through forwarded ports. */
    void isolated();
}
