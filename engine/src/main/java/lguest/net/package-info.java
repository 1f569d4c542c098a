/**
 * An alley off part IX of the tour: what a network card's {@link lguest.net.Wire} leads to. {@link lguest.net.Tap} is an interface of
 * the host; {@link lguest.net.UserNet} is a network in user space, with a TCP of its own; on a {@link lguest.net.RoughWire} something
 * happens to frames, and {@link lguest.net.Pcapng} writes them down. Back on the road, {@code lguest.device} has the card itself.
 */
package lguest.net;
