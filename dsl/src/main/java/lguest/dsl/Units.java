package lguest.dsl;

import java.time.Duration;

/** Numbers with units, in every script: {@code 64.MB}, {@code 60.seconds}, {@code 1000.instructions}. */
public final class Units {
    private Units() {
    }

    /** 1024 bytes. */
    public static long getKB(Number self) {
        return bytes(self, 10);
    }

    /** 1024 KB. */
    public static long getMB(Number self) {
        return bytes(self, 20);
    }

    /** 1024 MB. */
    public static long getGB(Number self) {
        return bytes(self, 30);
    }

    private static long bytes(Number self, int shift) {
        return Math.round(self.doubleValue() * (1L << shift));
    }

    public static Duration getNs(Number self) {
        return nanos(self, 1);
    }

    public static Duration getUs(Number self) {
        return nanos(self, 1_000L);
    }

    public static Duration getMs(Number self) {
        return nanos(self, 1_000_000L);
    }

    public static Duration getSeconds(Number self) {
        return nanos(self, 1_000_000_000L);
    }

    public static Duration getSecond(Number self) {
        return getSeconds(self);
    }

    public static Duration getMinutes(Number self) {
        return nanos(self, 60_000_000_000L);
    }

    public static Duration getMinute(Number self) {
        return getMinutes(self);
    }

    public static Duration getHours(Number self) {
        return nanos(self, 3_600_000_000_000L);
    }

    private static Duration nanos(Number self, long unit) {
        return Duration.ofNanos(Math.round(self.doubleValue() * unit));
    }

    /** {@code -5.seconds} is {@code -(5.seconds)} to Groovy. */
    public static Duration negative(Duration self) {
        return self.negated();
    }

    /** By the host's clock, not the guest's: {@code expect 'login:', 30.seconds.host}. */
    public static HostTime getHost(Duration self) {
        return new HostTime(self);
    }

    public static Instructions getInstructions(Number self) {
        return new Instructions(self.longValue());
    }
}
