package lguest.dsl;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import lguest.net.Passage;

/** The words inside the block of a network card: {@code tunnet('192.168.19.1') { }}, {@code sharenet('wire') { }}. */
public interface WireSpec {
    /**
     * What happens to frames on the wire, both ways: {@code frames { frame -> if (frame.outbound && chance(0.01)) drop() }}. Under
     * {@code time virtual} it is the same in every run.
     *
     * @param action gets a {@link Passage}, whose words it knows: {@code drop()}, {@code delay 20.ms}, {@code duplicate()},
     *     {@code corrupt()}, {@code chance(0.01)}. It runs on the guest's thread
     */
    void frames(@DelegatesTo(value = Passage.class, strategy = Closure.DELEGATE_FIRST) Closure<?> action);
}
