package lguest.dsl.event;

/** What a guest calls things: turns words of a script into its numbers. Each failure is a {@link lguest.dsl.ScriptFailure}. */
public interface Names {
    /** @param where a number, a symbol, or a symbol and an offset: {@code 'do_page_fault+0x12'} */
    int address(Object where);

    /** @throws lguest.dsl.ScriptFailure if the guest is bare, and so does not have what is named */
    void needHost(String what);

    /** @param name {@code SET_PTE}, {@code 'SET_PTE'}, {@code 'LHCALL_SET_PTE'} or 14 */
    int hypercall(Object name);
}
