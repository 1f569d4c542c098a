/**
 * Part X of the tour: loading. Files in, filled memory and an entry point out: Linux the way lguest's launcher boots it, and
 * multiboot or flat images for a processor with no Host. The next part, {@code lguest.host}, is what Linux finds there.
 */
package lguest.load;
