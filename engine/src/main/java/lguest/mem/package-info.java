/**
 * Part III of the tour: memory. Physical memory is an array of bytes with a few marked pages; linear memory reaches it through
 * page tables that a software TLB remembers. The next part, {@code lguest.sem}, computes on what is read here.
 */
package lguest.mem;
