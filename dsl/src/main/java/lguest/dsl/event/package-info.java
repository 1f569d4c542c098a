/**
 * Part XIV of the tour, continued: what can happen to a guest, as values ({@link lguest.dsl.event.ScriptEvent}, made by
 * {@link lguest.dsl.event.Events}), and what closures are told when it does ({@link lguest.dsl.event.Happening}).
 */
package lguest.dsl.event;
