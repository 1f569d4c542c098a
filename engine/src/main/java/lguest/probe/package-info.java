/**
 * Part VIII of the tour: the one seam where anything watches. An event names what can happen, a probe says what to do when it
 * does, and the machine asks here at its exits. Nobody pays for what nobody watches. The next part is {@code lguest.device}.
 */
package lguest.probe;
