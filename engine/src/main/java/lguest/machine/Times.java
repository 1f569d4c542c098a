package lguest.machine;

/**
 * What the host's time went to, in nanoseconds, since the guest was made. How the first three share the time in which the guest did
 * not sleep is what was seen every two milliseconds.
 *
 * @param interpreting executing one instruction after the other, and decoding them, and all that has no place below
 * @param translated executing regions
 * @param outside between two stretches of instructions: hypercalls, faults, interrupts, devices, probes
 * @param idle waiting for something to wake a guest that sleeps
 * @param translating making regions, on the thread for it: at the same time as the others
 */
public record Times(long interpreting, long translated, long outside, long idle, long translating) {
}
