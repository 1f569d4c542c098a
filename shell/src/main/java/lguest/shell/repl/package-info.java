/**
 * Part XV of the tour, continued: the prompt. {@link lguest.shell.repl.Repl} reads a line, finds out what it is, does it and shows
 * what came of it. Lines come from a terminal, edited by JLine, or from a pipe; only {@link lguest.shell.repl.TerminalEnds} and its
 * helpers know JLine.
 */
package lguest.shell.repl;
