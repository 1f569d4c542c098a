/**
 * Part V of the tour: from a decoded instruction to something that runs. Each combination of a table row with its operand kinds
 * becomes one small class whose {@code run} loads the operands, calls the row's semantic method and stores what it returns.
 * HotSpot then sees a plain static call with constant widths. Classes are made when first met; a guest kernel needs a few
 * hundred. The next part, {@code lguest.interp}, strings such operations together.
 */
package lguest.emit;
