/**
 * Part II of the tour: the processor's state, as the SDM names it. Registers, flags, segments, faults; no behaviour beyond
 * reading and writing them. The next part, {@code lguest.mem}, gives the state something to address.
 */
package lguest.cpu;
