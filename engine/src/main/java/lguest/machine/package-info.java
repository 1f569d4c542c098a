/**
 * Part XII of the tour: the guest as a whole. A configuration becomes a {@code Guest}: processor, memory, Host, devices and a
 * clock, run by one loop that hands each exit of the processor to whoever it concerns. The next part is {@code lguest.debug}.
 */
package lguest.machine;
