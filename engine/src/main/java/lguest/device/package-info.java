/**
 * Part IX of the tour: devices. A device sees guest memory and one {@link lguest.device.DmaPort}; it knows neither processor,
 * bus nor terminal. The {@link lguest.device.Bus} tells the guest what there is and hands each DMA to the device it is for. The
 * next part, {@code lguest.load}, puts a guest into the memory that the devices share with it.
 */
package lguest.device;
