/**
 * Part IX of the tour, the back of a disk: files of the host as sequences of bytes. A {@link lguest.disk.DiskImage} says which
 * file and which format, {@link lguest.disk.DiskStorage} is what comes of it: raw, qcow2, or a snapshot over either. Nothing here
 * knows of guests; {@code lguest.device} puts one in front.
 */
package lguest.disk;
