/**
 * Part XV of the tour, and the last: the command line. {@link lguest.shell.Main} looks at the arguments and opens one of three
 * doors: {@code lguest.shell.launcher} runs a guest as lguest's own launcher does, the script language runs {@code .lgs} files, and
 * {@code lguest.shell.repl} is the prompt, with its commands in {@code lguest.shell.command} and what it prints made in
 * {@code lguest.shell.render}.
 */
package lguest.shell;
