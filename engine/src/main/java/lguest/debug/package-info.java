/**
 * Part XIII of the tour: looking at a guest that stands still, with no more rights than anybody has: who called whom, and what the next
 * instruction calls. The next part, {@code lguest.dsl}, the script language, uses this package and the one before.
 */
package lguest.debug;
