package lguest.mem;

/** Told of every write to a page it has marked, after the bytes have changed, whoever wrote them. */
@FunctionalInterface
public interface WriteWatcher {
    /** @param lengthBytes at least 1; the range does not cross a page */
    void written(int physical, int lengthBytes);
}
