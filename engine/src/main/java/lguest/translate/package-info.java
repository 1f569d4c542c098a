/**
 * Part VI of the tour: guest code becomes JVM code. What is found hot in a page of code is cut out with its loops and written as
 * one Java method, a {@link lguest.translate.Region}, which does what the interpreter would have done, instruction counts and
 * faults included, only faster. Whatever is unusual, it leaves to the interpreter. Next is interp, which decides what is hot.
 */
package lguest.translate;
