/**
 * Part I of the tour: what an instruction is. The table lists every encoding in the manual's own notation, the decoder turns
 * bytes into instructions by it, the disassembler turns them into text. The next part, {@code lguest.cpu}, is what they act on.
 */
package lguest.isa;
