package lguest.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * An entry of a page directory or table, where it is: in guest memory, or in the registers of a hypercall. It is a number, and each
 * of its fields can be set: {@code call.pte.writable = false} (SDM vol. 3A "32-Bit Paging").
 */
public final class PageEntry extends Number {
    private static final long serialVersionUID = 1L;
    private static final long MASK = 0xFFFFFFFFL;
    private static final long PAGE = 0xFFFFF000L;
    private static final long LARGE_PAGE = 0xFFC00000L;

    private final transient IntSupplier read;
    private final transient IntConsumer write;
    private final String name;
    private final boolean directory;

    private PageEntry(String name, boolean directory, IntSupplier read, IntConsumer write) {
        this.name = name;
        this.directory = directory;
        this.read = read;
        this.write = write;
    }

    public static PageEntry ofDirectory(String name, IntSupplier read, IntConsumer write) {
        return new PageEntry(name, true, read, write);
    }

    public static PageEntry ofTable(String name, IntSupplier read, IntConsumer write) {
        return new PageEntry(name, false, read, write);
    }

    public long getValue() {
        return read.getAsInt() & MASK;
    }

    public void setValue(Number value) {
        write.accept(value.intValue());
    }

    public boolean isPresent() {
        return is(Constants.PRESENT);
    }

    public void setPresent(boolean on) {
        set(Constants.PRESENT, on);
    }

    public boolean isWritable() {
        return is(Constants.WRITABLE);
    }

    public void setWritable(boolean on) {
        set(Constants.WRITABLE, on);
    }

    public boolean isUser() {
        return is(Constants.USER);
    }

    public void setUser(boolean on) {
        set(Constants.USER, on);
    }

    public boolean isAccessed() {
        return is(Constants.ACCESSED);
    }

    public void setAccessed(boolean on) {
        set(Constants.ACCESSED, on);
    }

    public boolean isDirty() {
        return is(Constants.DIRTY);
    }

    public void setDirty(boolean on) {
        set(Constants.DIRTY, on);
    }

    /** A page of 4 MiB: in a directory only. */
    public boolean isLarge() {
        return directory && is(Constants.LARGE);
    }

    /** Physical address of the page or table. */
    public long getFrame() {
        return getValue() & frameMask();
    }

    public void setFrame(Number physical) {
        setValue(getValue() & ~frameMask() | physical.longValue() & frameMask());
    }

    private long frameMask() {
        return isLarge() ? LARGE_PAGE : PAGE;
    }

    private boolean is(long bit) {
        return (getValue() & bit) != 0;
    }

    private void set(long bit, boolean on) {
        setValue(on ? getValue() | bit : getValue() & ~bit);
    }

    /** {@code pte & WRITABLE}. */
    public long and(Number mask) {
        return getValue() & mask.longValue();
    }

    /** {@code pte | DIRTY}. */
    public long or(Number bits) {
        return getValue() | bits.longValue();
    }

    @Override
    public int intValue() {
        return read.getAsInt();
    }

    @Override
    public long longValue() {
        return getValue();
    }

    @Override
    public float floatValue() {
        return getValue();
    }

    @Override
    public double doubleValue() {
        return getValue();
    }

    @Override
    public String toString() {
        List<String> flags = new ArrayList<>();
        if (isPresent()) {
            flags.add(isWritable() ? "writable" : "read-only");
            flags.add(isUser() ? "user" : "kernel");
            flag(flags, isAccessed(), "accessed");
            flag(flags, isDirty(), "dirty");
            flag(flags, isLarge(), "4 MiB");
        } else {
            flags.add("not present");
        }
        return String.format("%s = 0x%08x  %s", name, getValue(), String.join(" ", flags));
    }

    private static void flag(List<String> flags, boolean on, String flag) {
        if (on) {
            flags.add(flag);
        }
    }
}
