/**
 * An alley off part VIII of the tour: what becomes of frames outside of guests. For now they can be written down. Back on the road,
 * {@code lguest.load} is next.
 */
package lguest.net;
