package lguest.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What there is to be on a {@link UserNet}. Setters check what they are given, and return this. */
public final class UserNetPlan {
    private static final Pattern FORWARD = Pattern.compile("(\\d{1,5}):(\\d{1,5})(/tcp|/udp)?");
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");

    private final List<Forward> forwards = new ArrayList<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final Map<Place, Function<HttpRequest, HttpResponse>> servers = new LinkedHashMap<>();
    private InetSocketAddress resolver;
    private boolean isolated;

    /** A port of the host's loopback interface, and the guest's that it leads to. */
    record Forward(int port, int to, Transport transport) {
        /** As a command line has it. */
        @Override
        public String toString() {
            return port + ":" + to + (transport == Transport.UDP ? "/udp" : "");
        }
    }

    /** An address and a port. */
    record Place(int address, int port) {
    }

    /** @param port of the host's loopback interface that leads to a port of the guest; 0 is a free one */
    public UserNetPlan forward(int port, int to, Transport transport) {
        Forward forward = new Forward(port, to, transport);
        if (port != 0) {
            port("forward " + forward, port);
        }
        port("forward " + forward, to);
        forwards.add(forward);
        return this;
    }

    /** @param text {@code 8022:22} or {@code 5353:53/udp}, as a command line has it */
    public UserNetPlan forward(String text) {
        Matcher ports = FORWARD.matcher(text);
        if (!ports.matches()) {
            throw new IllegalArgumentException("forward " + text + ": must be two ports, 8022:22 or 5353:53/udp");
        }
        return forward(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)),
            "/udp".equals(ports.group(3)) ? Transport.UDP : Transport.TCP);
    }

    /** A name that the guest can look up. */
    public UserNetPlan name(String name, String address) {
        names.put(name.toLowerCase(Locale.ROOT), Ipv4.parse(address));
        return this;
    }

    /** An HTTP server of ours, at an address and port of the guest's world; answers on the guest's thread. */
    public UserNetPlan serve(String address, int port, Function<HttpRequest, HttpResponse> answers) {
        servers.put(new Place(Ipv4.parse(address), port("serve", port)), answers);
        return this;
    }

    /** Who is asked for names that are not in the table, instead of the host's own resolver. */
    public UserNetPlan resolver(String address, int port) {
        resolver = new InetSocketAddress(Ipv4.text(Ipv4.parse(address)), port("resolver", port));
        return this;
    }

    /** Nothing the guest says leaves this process, but answers to those who come through a forwarded port. */
    public UserNetPlan isolated(boolean value) {
        isolated = value;
        return this;
    }

    private static int port(String what, int port) {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException(what + ": port " + port + ", must be 1 to 65535");
        }
        return port;
    }

    List<Forward> forwards() {
        return forwards;
    }

    Map<String, Integer> names() {
        return names;
    }

    Map<Place, Function<HttpRequest, HttpResponse>> servers() {
        return servers;
    }

    boolean isolated() {
        return isolated;
    }

    /** Null if the host has none. */
    InetSocketAddress resolver() {
        if (resolver == null && Files.isReadable(RESOLVERS)) {
            try {
                resolver = Files.readAllLines(RESOLVERS).stream().map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver")).findFirst()
                    .map(words -> new InetSocketAddress(words[1], Names.PORT)).orElse(null);
            } catch (IOException unreadable) {
                return null;
            }
        }
        return resolver;
    }
}
