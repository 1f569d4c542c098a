package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import lguest.host.Hypercall;
import lguest.host.HypercallTable;

/** How often a guest has called its Host, by number. */
public final class HypercallCounts {
    private static final int NUMBERS = 64;

    private final HypercallTable table;
    private final long[] direct = new long[NUMBERS];
    private final long[] ring = new long[NUMBERS];
    private int last = -1;

    HypercallCounts(HypercallTable table) {
        this.table = table;
    }

    void count(Hypercall call) {
        int number = call.number;
        if (number >= 0 && number < NUMBERS) {
            (call.asynchronous ? ring : direct)[number]++;
            last = number;
        }
    }

    /** Calls so far of one number, direct and through the ring. */
    public long count(int number) {
        return number >= 0 && number < NUMBERS ? direct[number] + ring[number] : 0;
    }

    public long direct(int number) {
        return number >= 0 && number < NUMBERS ? direct[number] : 0;
    }

    public long asynchronous(int number) {
        return number >= 0 && number < NUMBERS ? ring[number] : 0;
    }

    public long total() {
        long sum = 0;
        for (int number = 0; number < NUMBERS; number++) {
            sum += count(number);
        }
        return sum;
    }

    /** Name of the last call, null before the first. */
    public String last() {
        return last < 0 ? null : name(last);
    }

    /** {@code SET_PTE}; the number itself for those without a name. */
    public String name(int number) {
        return table.name(number);
    }

    /** Names and numbers of all there are. */
    public Map<String, Integer> numbers() {
        return table.numbers();
    }

    /** Counts by name, those above 0. */
    public Map<String, Long> byName() {
        Map<String, Long> counts = new TreeMap<>();
        for (int number = 0; number < NUMBERS; number++) {
            if (count(number) > 0) {
                counts.put(name(number), count(number));
            }
        }
        return counts;
    }

    void save(DataOutput out) throws IOException {
        for (int number = 0; number < NUMBERS; number++) {
            out.writeLong(direct[number]);
            out.writeLong(ring[number]);
        }
        out.writeInt(last);
    }

    void load(DataInput in) throws IOException {
        for (int number = 0; number < NUMBERS; number++) {
            direct[number] = in.readLong();
            ring[number] = in.readLong();
        }
        last = in.readInt();
    }
}
