/**
 * Part XI of the tour: the Host. A guest kernel runs at CPL 1 and cannot touch the machine; it asks with INT 0x1F, and
 * what it may not do itself is done here. One concern of the processor to a file, as in lguest:
 *
 * <ol>
 * <li>{@link lguest.host.Host}: the hypervisor of one guest, and the joint to whoever runs the processor;
 * <li>{@link lguest.host.Hypercalls}: what a guest may ask, one line per call, and {@link lguest.host.Ring}, where it
 *     may leave what can wait; {@link lguest.host.LguestData} is the page both sides write;
 * <li>{@link lguest.host.HostDescriptors}, {@link lguest.host.Gates}, {@link lguest.host.KernelStack}: the GDT, the IDT
 *     and the TSS that the guest believes to be its own;
 * <li>{@link lguest.host.Traps} and {@link lguest.host.Interrupts}: what stops the guest, and
 *     {@link lguest.host.Entry}, how its kernel learns of it; {@link lguest.host.ClockEvent} is the timer;
 * <li>{@link lguest.host.PageTables} and {@link lguest.host.HostPageWalk}: the guest's tables, read and policed;
 * <li>{@link lguest.host.DmaTable}: buffers bound to keys, by which devices and guests talk.
 * </ol>
 *
 * <p>This is generation 1, the Host of Linux 2.6.23. What later generations change (call numbers, argument registers,
 * the layout of the data page) is collected in {@link lguest.host.Generation}. The next part, {@code lguest.machine},
 * gives the Host a processor to rule and time to pass.
 */
package lguest.host;
