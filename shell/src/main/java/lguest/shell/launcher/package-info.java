/** Part XV of the tour, continued: the launcher, with lguest's own command line, its messages and its manners at a terminal. */
package lguest.shell.launcher;
