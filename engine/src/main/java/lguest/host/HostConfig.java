package lguest.host;

/**
 * What the launcher tells the Host when it creates a guest (lguest {@code LHREQ_INITIALIZE}), and the Host's own
 * choices.
 *
 * @param pfnLimit first physical page number beyond the guest: RAM, descriptor page and device pages
 * @param pageDirectory physical address of the initial page directory
 * @param pageOffset the guest kernel's PAGE_OFFSET; its directory index must be below {@link PageTables#SWITCHER_INDEX}
 * @param guestId 0 to 15, different for guests alive at once
 * @param tscKhz what {@code lguest_data.tsc_khz} says: 0 makes the guest read the time there, otherwise at least 977
 * @param strict whether quirks of the original that no sane guest wants are kept
 */
public record HostConfig(int pfnLimit, int pageDirectory, int pageOffset, int guestId, int tscKhz, boolean strict) {
    public HostConfig {
        if (pageOffset >>> PageTables.DIRECTORY_SHIFT >= PageTables.SWITCHER_INDEX) {
            throw new IllegalArgumentException(
                String.format("PAGE_OFFSET %#x leaves the Host no room: must be below 0xffc00000", pageOffset));
        }
    }
}
