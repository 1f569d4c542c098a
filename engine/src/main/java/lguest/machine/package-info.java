/**
 * Part XII of the tour: the guest as a whole. A configuration becomes a {@code Guest}: processor, memory, Host, devices and a
 * clock, run by one loop that hands each exit of the processor to whoever it concerns. The next part, {@code lguest.dsl}, the
 * script language, is an ordinary user of this package.
 */
package lguest.machine;
