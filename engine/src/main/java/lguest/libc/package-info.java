/**
 * Below the road that part IX of the tour takes: what Linux can do for a device and Java cannot. Only what has no other way comes here;
 * without Linux there are no TAP interfaces and no pseudo-terminals, and all else goes on.
 */
package lguest.libc;
