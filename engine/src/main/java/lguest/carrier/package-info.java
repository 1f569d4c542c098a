/**
 * Part IX of the tour, the other end of a console: sockets, pseudo-terminals and files. What a guest prints is remembered by its
 * {@link lguest.device.ConsoleTranscript}; whoever reads slowly or comes late takes it from there, and the guest never waits.
 */
package lguest.carrier;
