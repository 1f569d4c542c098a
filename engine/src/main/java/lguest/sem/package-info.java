/**
 * Part IV of the tour: what instructions do. One static method per instruction, named by its mnemonic, with its width as a
 * parameter; operands arrive as values and results leave as values. Rows of the instruction table name these methods, and the
 * next part, {@code lguest.emit}, makes the calls.
 *
 * <p>Parameters are bound by type and name: {@code CpuState}, {@code LinearMemory}; {@code bits}, {@code operandBits},
 * {@code sourceBits}, {@code addressBits}, {@code next}, {@code self}, {@code cc}, {@code repeat}, {@code segment},
 * {@code offset}; every other {@code int} is the next operand of the row. A method that returns a value gives the new first
 * operand. A method that throws has changed nothing.
 */
package lguest.sem;
