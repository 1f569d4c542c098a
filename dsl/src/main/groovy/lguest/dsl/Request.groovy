package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import lguest.device.DiskRequest

/** What a guest asks of a disk, in the closure of {@code fault}: before it is written, or after it has been read. */
@CompileStatic
final class Request {
    private final DiskRequest request

    @PackageScope
    Request(DiskRequest request) { this.request = request }

    /** Which of the disk's requests, from 1. */
    long getNumber() { request.number() }

    boolean getWrite() { request.write() }

    boolean getRead() { !write }

    /** Of 512 bytes. */
    long getSector() { request.sector() }

    int getBytes() { request.data().length }

    /** What is going to be written, or has been read; a changed byte is changed for the disk, or the guest. */
    byte[] getData() { request.data() }

    /** The guest is told of an error, and nothing is moved. */
    void fail() { request.fail() }

    /** The guest is told that all is done, and nothing is moved. */
    void lose() { request.lose() }

    /** Only the first bytes are moved, and the guest is told of an error. */
    void cut(Object bytes) {
        if (!(bytes instanceof Integer) || ((Integer) bytes) < 0) {
            throw new ScriptFailure("cut(${bytes}): give a number of bytes")
        }
        request.cut((int) bytes)
    }

    @Override
    String toString() { "request ${number}: ${write ? 'write' : 'read'} of ${bytes} bytes at sector ${sector}" }
}
