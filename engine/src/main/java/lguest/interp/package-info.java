/**
 * Part VII of the tour: the engine that runs guest code. Straight-line runs of instructions are decoded once into blocks, kept by
 * physical page, and executed operation by operation until a budget is used up or something outside is needed. Writes to code
 * are noticed exactly: the overwritten block gives way before its next instruction.
 */
package lguest.interp;
