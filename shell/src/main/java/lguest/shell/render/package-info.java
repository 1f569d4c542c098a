/**
 * Part XV of the tour, continued: text for people. Registers become a grid, memory a dump, lists of maps a table; nothing here
 * knows a terminal.
 */
package lguest.shell.render;
