package lguest.mem;

/**
 * How a linear page becomes a physical one when the TLB does not know: the processor's own two-level walk on a bare machine,
 * the Host's reading of the guest's tables for an lguest guest.
 */
public interface PageWalk {
    /** In the result of {@link #translate}: user-mode accesses are allowed too. */
    int USER = 1;
    /** In the result: writes are allowed and Dirty is set already, so the TLB may let them pass. */
    int WRITABLE = 2;

    /**
     * Translates one page and sets its Accessed and Dirty bits as the access demands.
     *
     * @param linear any address in the page
     * @param write whether the access writes
     * @param user whether it is made at CPL 3
     * @return physical page address in bits 12 to 31, {@link #USER} and {@link #WRITABLE} below
     * @throws lguest.cpu.CpuFault #PF; CR2 has been set
     * @throws lguest.cpu.GuestKilled if the tables break the Host's rules
     */
    int translate(int linear, boolean write, boolean user);

    /** As {@link #translate}, for onlookers: changes nothing. Returns -1 where the access would fault or kill. */
    int peek(int linear);
}
