/**
 * Part XV of the tour, continued: the commands, one class each. {@link lguest.shell.command.LguestCommand} and its subcommands are the
 * command line; the others are what may follow a colon at the prompt.
 */
package lguest.shell.command;
