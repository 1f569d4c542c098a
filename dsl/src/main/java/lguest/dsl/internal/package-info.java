/**
 * Part XIV of the tour, the machine room of the language: what compiles and runs scripts, the blocks behind the specs, who runs
 * the guests and when, and how a failure becomes one line with a place. Nothing here is for scripts.
 */
package lguest.dsl.internal;
