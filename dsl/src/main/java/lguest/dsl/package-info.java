/**
 * Part XIV of the tour: the language of {@code .lgs} scripts. {@link lguest.dsl.LgsScript} has its verbs,
 * {@link lguest.dsl.GuestSpec} and its sisters the words inside blocks, {@link lguest.dsl.ScriptedGuest} and what it is made of
 * the objects that scripts, prompt and specs all use. {@code lguest.dsl.event} names what can happen, {@code lguest.dsl.internal}
 * does the work. The next part, {@code lguest.shell}, gives all of it a command line and a prompt.
 */
package lguest.dsl;
